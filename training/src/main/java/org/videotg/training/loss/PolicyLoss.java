package org.videotg.training.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.training.loss.LossInputs.Rollout;

/**
 * A policy loss of the GRPO family. To add one, add a record and its entry in {@link Kind}.
 *
 * <p>With rho = exp(lp - lp_old), each token has the loss l = -min(rho A, clip(rho) A) + beta KL. The losses differ in how tokens are
 * weighted and in whether the ratio is taken per token or per sequence. N is the number of rollouts of the batch.
 */
public sealed interface PolicyLoss {
    /**
     * A loss in a recipe. Which of {@code eps}, {@code epsHigh}, {@code epsMax} and {@code overlongFilter} a loss knows, and their
     * defaults, is declared in {@link Kind}.
     *
     * @param name one of {@link #names()}; null for the first of them
     * @param beta weight of the KL penalty; null for 0, which leaves the penalty out
     * @param kl estimator of the KL divergence; null for k3
     * @param eps the ratio's lower bound is 1 - eps; null for the loss's default
     * @param epsHigh the ratio's upper bound is 1 + epsHigh; null for the loss's default
     * @param epsMax greatest ratio; null for the loss's default
     * @param overlongFilter whether truncated rollouts are left out of the sum; null for false
     */
    record Settings(
            String name,
            Double beta,
            KlPenalty.Estimator kl,
            Double eps,
            Double epsHigh,
            Double epsMax,
            Boolean overlongFilter) {
        public Settings {
            name = name == null ? Kind.values()[0].id() : name;
            beta = beta == null ? KlPenalty.NONE.beta() : beta;
            kl = kl == null ? KlPenalty.NONE.estimator() : kl;
        }

        private KlPenalty penalty() {
            return new KlPenalty(beta, kl);
        }

        private RatioClip clip(double defaultEps, double defaultEpsHigh) {
            return new RatioClip(eps == null ? defaultEps : eps, epsHigh == null ? defaultEpsHigh : epsHigh);
        }

        /** Keys of the settings given beside those that every loss has. */
        private List<String> given() {
            return Stream.of(
                            eps == null ? null : "eps",
                            epsHigh == null ? null : "epsHigh",
                            epsMax == null ? null : "epsMax",
                            overlongFilter == null ? null : "overlongFilter")
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /** All losses that a recipe can name; the first is the default. */
    enum Kind {
        DAPO(
                Set.of("eps", "epsHigh", "overlongFilter"),
                s -> new Dapo(s.clip(0.2, 0.28), s.penalty(), Boolean.TRUE.equals(s.overlongFilter()))),
        GRPO(Set.of("eps", "epsHigh"), s -> new Grpo(s.clip(0.2, 0.2), s.penalty())),
        DR_GRPO(Set.of("eps", "epsHigh"), s -> new DrGrpo(s.clip(0.2, 0.2), s.penalty())),
        BNPO(Set.of("eps", "epsHigh"), s -> new Bnpo(s.clip(0.2, 0.2), s.penalty())),
        GSPO(Set.of("eps", "epsHigh"), s -> new Gspo(s.clip(3e-4, 4e-4), s.penalty())),
        CISPO(Set.of("epsMax"), s -> new Cispo(s.epsMax() == null ? 5 : s.epsMax(), s.penalty()));

        private final Set<String> keys;
        private final Function<Settings, PolicyLoss> factory;

        /**
         * @param keys of the settings it has beside {@code beta} and {@code kl}
         * @param factory applies the loss's defaults
         */
        Kind(Set<String> keys, Function<Settings, PolicyLoss> factory) {
            this.keys = keys;
            this.factory = factory;
        }

        private String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the names of all losses. */
    static List<String> names() {
        return Arrays.stream(Kind.values()).map(Kind::id).toList();
    }

    /** Returns the loss of that name with its defaults. */
    static PolicyLoss named(String name) {
        return of(new Settings(name, null, null, null, null, null, null));
    }

    /**
     * Returns the loss that a recipe describes.
     *
     * @throws InputException if there is no such loss, a value is out of its range, or a setting belongs to another loss
     */
    static PolicyLoss of(Settings settings) {
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.id().equals(settings.name()))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown loss \"" + settings.name() + "\"; known: " + String.join(", ", names())));
        for (String key : settings.given()) {
            if (!kind.keys.contains(key)) {
                throw new InputException("the loss \"" + kind.id() + "\" has no setting \"" + key + "\"");
            }
        }
        return kind.factory.apply(settings);
    }

    /** Returns the KL penalty that is added to each token's loss. */
    KlPenalty kl();

    /** Returns the loss of one part of the batch and its gradient. */
    LossOutputs compute(LossInputs inputs);

    /** Returns whether advantages are divided by the group's standard deviation. */
    default boolean advantagesByStd() {
        return true;
    }

    /** GRPO (arXiv 2402.03300): mean over rollouts of the mean over tokens. */
    record Grpo(RatioClip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenSum.clipped(inputs, clip, kl, rollout -> share / rollout.logProbs().length);
        }
    }

    /** BNPO as in TRL: sum over tokens / tokens of the local batch, which is one row; mean over rows. */
    record Bnpo(RatioClip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / ((double) inputs.tokens() * inputs.batch().rows());
            return TokenSum.clipped(inputs, clip, kl, rollout -> weight);
        }
    }

    /**
     * DAPO (arXiv 2503.14476): sum over tokens / tokens of the whole batch.
     *
     * @param overlongFilter leaves truncated rollouts out of the sum, but not out of the number of tokens
     */
    record Dapo(RatioClip clip, KlPenalty kl, boolean overlongFilter) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenSum.clipped(inputs, clip, kl, rollout -> overlongFilter && rollout.truncated() ? 0 : weight);
        }
    }

    /** Dr. GRPO (arXiv 2503.20783): sum over tokens / (N * L_max); advantages are not divided by the standard deviation. */
    record DrGrpo(RatioClip clip, KlPenalty kl) implements PolicyLoss {
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

    /** GSPO (arXiv 2507.18071): one ratio per sequence, exp(mean log rho); mean over sequences. */
    record Gspo(RatioClip clip, KlPenalty kl) implements PolicyLoss {
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenSum.of(inputs, kl, rollout -> share / rollout.logProbs().length, rollout -> {
                double ratio = Math.exp(meanLogRatio(rollout));
                TokenSum.Term term = new TokenSum.Term(
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

    /**
     * CISPO (arXiv 2506.13585): -stopgrad(min(rho, epsMax)) * A * lp, weighted as in DAPO.
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
