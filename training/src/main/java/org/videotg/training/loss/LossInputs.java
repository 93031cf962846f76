package org.videotg.training.loss;

import java.util.List;
import java.util.Objects;

/**
 * The input of a policy loss: the rollouts of one row, which is a part of the batch, and the sizes of the whole batch,
 * which weight the parts. The losses of all parts add up to the loss of the batch.
 */
public record LossInputs(List<Rollout> rollouts, Batch batch) {
    public LossInputs {
        rollouts = List.copyOf(rollouts);
        Objects.requireNonNull(batch, "batch");
    }

    /** Returns the number of tokens of this part. */
    public long tokens() {
        return rollouts.stream().mapToLong(rollout -> rollout.logProbs().length).sum();
    }

    /**
     * One rollout with one entry per generated token.
     *
     * @param logProbs under the trained model
     * @param oldLogProbs under the model that generated it; null if that is the trained model (on-policy, ratio 1)
     * @param refLogProbs under the reference model; null without a KL penalty
     * @param truncated whether generation stopped at the limit of tokens
     */
    public record Rollout(
            float[] logProbs, float[] oldLogProbs, float[] refLogProbs, double advantage, boolean truncated) {
        public Rollout {
            if (logProbs.length == 0
                    || (oldLogProbs != null && oldLogProbs.length != logProbs.length)
                    || (refLogProbs != null && refLogProbs.length != logProbs.length)) {
                throw new IllegalArgumentException(
                        "a rollout has at least one token and as many log-probabilities of each kind");
            }
        }

        public static Rollout onPolicy(float[] logProbs, double advantage) {
            return new Rollout(logProbs, null, null, advantage, false);
        }

        /** Returns log rho, the logarithm of the ratio of probabilities. */
        double logRatio(int token) {
            return oldLogProbs == null ? 0 : (double) logProbs[token] - oldLogProbs[token];
        }
    }

    /**
     * Sizes of the whole batch, including rollouts with equal rewards.
     *
     * @param rollouts N
     * @param tokens generated, over all rollouts
     * @param rows number of parts
     * @param maxTokens L_max, the limit of a rollout
     */
    public record Batch(int rollouts, long tokens, int rows, int maxTokens) {
        public Batch {
            if (rollouts < 1 || tokens < 1 || rows < 1 || maxTokens < 1) {
                throw new IllegalArgumentException("all sizes of a batch must be at least 1");
            }
        }
    }
}
