package org.videotg.training.loss;

import org.videotg.core.io.InputException;
import org.videotg.training.loss.LossInputs.Rollout;

/**
 * A policy loss. With rho = exp(lp - lp_old) and l = -min(rho A, clip(rho) A) + beta KL for each token, the losses differ in how
 * tokens are weighted and at which level the ratio is taken. N is the number of rollouts of the batch.
 */
public sealed interface PolicyLoss {
    /** By which recipes call it. */
    String label();

    KlPenalty kl();

    /** The loss of one part of the batch and its gradient. */
    LossOutputs compute(LossInputs inputs);

    /** Whether advantages are divided by the group's standard deviation. */
    default boolean advantagesByStd() {
        return true;
    }

    /** Mean over rollouts of the mean over tokens. */
    record Grpo(Clip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public String label() {
            return "grpo";
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenSum.clipped(inputs, clip, kl, rollout -> share / rollout.logProbs().length);
        }
    }

    /** Sum over tokens / tokens of the local batch, which is one row; mean over rows. */
    record Bnpo(Clip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public String label() {
            return "bnpo";
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / ((double) inputs.tokens() * inputs.batch().rows());
            return TokenSum.clipped(inputs, clip, kl, rollout -> weight);
        }
    }

    /**
     * Sum over tokens / tokens of the whole batch (arXiv 2503.14476).
     *
     * @param overlongFilter leaves truncated rollouts out of the sum, though not out of the count
     */
    record Dapo(Clip clip, KlPenalty kl, boolean overlongFilter) implements PolicyLoss {
        public static final Dapo DEFAULT = new Dapo(new Clip(0.2, 0.28), KlPenalty.NONE, false);

        @Override
        public String label() {
            return "dapo";
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenSum.clipped(inputs, clip, kl, rollout -> overlongFilter && rollout.truncated() ? 0 : weight);
        }
    }

    /** Sum over tokens / (N * L_max), advantages not divided by the standard deviation (arXiv 2503.20783). */
    record DrGrpo(Clip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public String label() {
            return "dr_grpo";
        }

        @Override
        public boolean advantagesByStd() {
            return false;
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight =
                    1.0 / ((double) inputs.batch().rollouts() * inputs.batch().maxTokens());
            return TokenSum.clipped(inputs, clip, kl, rollout -> weight);
        }
    }

    /** One ratio a sequence, exp(mean log rho); mean over sequences (arXiv 2507.18071). */
    record Gspo(Clip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public String label() {
            return "gspo";
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenSum.of(inputs, kl, rollout -> share / rollout.logProbs().length, rollout -> {
                double ratio = Math.exp(meanLogRatio(rollout));
                TokenSum.Term term = new TokenSum.Term(
                        clip.loss(ratio, rollout.advantage()),
                        clip.gradient(ratio, rollout.advantage()),
                        clip.cuts(ratio, rollout.advantage()));
                return token -> term;
            });
        }

        private static double meanLogRatio(Rollout rollout) {
            double sum = 0;
            for (int t = 0; t < rollout.logProbs().length; t++) {
                sum += rollout.logRatio(t);
            }
            return sum / rollout.logProbs().length;
        }
    }

    /**
     * -stopgrad(min(rho, epsMax)) * A * lp, weighted as dapo (arXiv 2506.13585).
     *
     * @param epsMax above 1
     */
    record Cispo(double epsMax, KlPenalty kl) implements PolicyLoss {
        public Cispo {
            if (!(epsMax > 1) || Double.isInfinite(epsMax)) {
                throw new InputException("\"epsMax\" must be above 1, not " + epsMax);
            }
        }

        @Override
        public String label() {
            return "cispo";
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenSum.of(inputs, kl, rollout -> weight, rollout -> token -> {
                double ratio = Math.exp(rollout.logRatio(token));
                double factor = -Math.min(ratio, epsMax) * rollout.advantage();
                return new TokenSum.Term(factor * rollout.logProbs()[token], factor, ratio > epsMax);
            });
        }
    }
}
