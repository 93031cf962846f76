package org.videotg.training.loss;

import com.fasterxml.jackson.annotation.JsonTypeName;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.training.loss.LossInputs.Rollout;

/**
 * A policy loss of the GRPO family. To add a loss, add a nested record annotated with its name.
 *
 * <p>With rho = exp(lp - lp_old), each token has the loss l = -min(rho A, clip(rho) A) + beta KL. The losses differ in
 * how tokens are weighted and in whether the ratio is taken per token or per sequence. N is the number of rollouts of
 * the batch.
 */
public sealed interface PolicyLoss {
    /** Returns its name in recipes. */
    default String id() {
        return getClass().getAnnotation(JsonTypeName.class).value();
    }

    /** Returns the loss of that name with its defaults. */
    static PolicyLoss named(String name) {
        return Settings.choice(PolicyLoss.class, name);
    }

    /** Returns the KL penalty that is added to each token's loss. */
    KlPenalty kl();

    /** Returns the loss of one part of the batch and its gradient. */
    LossOutputs compute(LossInputs inputs);

    /** Returns whether advantages are divided by the group's standard deviation. */
    default boolean advantagesByStd() {
        return true;
    }

    /** DAPO (arXiv 2503.14476): sum over tokens / tokens of the whole batch. */
    @JsonTypeName("dapo")
    record Dapo(
            @Setting.Inline("{epsHigh: 0.28}") RatioClip clip,
            @Setting.Inline KlPenalty kl,

            @Setting(
                    value = "leave truncated rollouts out of the sum, but not out of the number of tokens",
                    defaultValue = "false")
            boolean overlongFilter)
            implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenLossSum.ofClipped(
                    inputs, clip, kl, rollout -> overlongFilter && rollout.truncated() ? 0 : weight);
        }
    }

    /** GRPO (arXiv 2402.03300): mean over rollouts of the mean over tokens. */
    @JsonTypeName("grpo")
    record Grpo(
            @Setting.Inline RatioClip clip, @Setting.Inline KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenLossSum.ofClipped(inputs, clip, kl, rollout -> share / rollout.logProbs().length);
        }
    }

    /** BNPO as in TRL: sum over tokens / tokens of the local batch, which is one row; mean over rows. */
    @JsonTypeName("bnpo")
    record Bnpo(
            @Setting.Inline RatioClip clip, @Setting.Inline KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / ((double) inputs.tokens() * inputs.batch().rows());
            return TokenLossSum.ofClipped(inputs, clip, kl, rollout -> weight);
        }
    }

    /** Dr. GRPO (arXiv 2503.20783): sum over tokens / (N * L_max); advantages not divided by the deviation. */
    @JsonTypeName("dr_grpo")
    record DrGrpo(
            @Setting.Inline RatioClip clip, @Setting.Inline KlPenalty kl) implements PolicyLoss {
        @Override
        public boolean advantagesByStd() {
            return false;
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight =
                    1.0 / ((double) inputs.batch().rollouts() * inputs.batch().maxTokens());
            return TokenLossSum.ofClipped(inputs, clip, kl, rollout -> weight);
        }
    }

    /** GSPO (arXiv 2507.18071): one ratio per sequence, exp(mean log rho); mean over sequences. */
    @JsonTypeName("gspo")
    record Gspo(
            @Setting.Inline("{eps: 3.0e-4, epsHigh: 4.0e-4}")
            RatioClip clip,

            @Setting.Inline KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenLossSum.of(inputs, kl, rollout -> share / rollout.logProbs().length, rollout -> {
                double ratio = Math.exp(meanLogRatio(rollout));
                TokenLossSum.Term term = new TokenLossSum.Term(
                        clip.loss(ratio, rollout.advantage()),
                        clip.gradient(ratio, rollout.advantage()),
                        clip.clips(ratio, rollout.advantage()));
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

    /** CISPO (arXiv 2506.13585): -stopgrad(min(rho, epsMax)) * A * lp, weighted as in DAPO. */
    @JsonTypeName("cispo")
    record Cispo(
            @Setting(value = "greatest ratio", defaultValue = "5", range = "above 1")
            double epsMax,

            @Setting.Inline KlPenalty kl)
            implements PolicyLoss {
        public Cispo {
            Settings.check(Cispo.class, epsMax, kl);
        }

        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenLossSum.of(inputs, kl, rollout -> weight, rollout -> token -> {
                double ratio = Math.exp(rollout.logRatio(token));
                double factor = -Math.min(ratio, epsMax) * rollout.advantage();
                return new TokenLossSum.Term(factor * rollout.logProbs()[token], factor, ratio > epsMax);
            });
        }
    }
}
