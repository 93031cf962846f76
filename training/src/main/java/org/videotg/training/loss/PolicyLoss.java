package org.videotg.training.loss;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.training.loss.LossInputs.Rollout;

/**
 * A policy loss. A new one is a record here and an entry in {@link #DEFINITIONS}. With rho = exp(lp - lp_old) and l = -min(rho A, clip(rho) A) + beta KL for each token, the losses differ in how
 * tokens are weighted and at which level the ratio is taken. N is the number of rollouts of the batch.
 */
public sealed interface PolicyLoss {
    /**
     * A loss in a recipe. Which of {@code eps}, {@code epsHigh}, {@code epsMax} and {@code overlongFilter} a loss knows, and their
     * defaults, is declared in {@link #DEFINITIONS}.
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
            name = name == null ? DEFINITIONS.get(0).name() : name;
            beta = beta == null ? KlPenalty.NONE.beta() : beta;
            kl = kl == null ? KlPenalty.NONE.estimator() : kl;
        }

        private KlPenalty penalty() {
            return new KlPenalty(beta, kl);
        }

        private Clip clip(double defaultEps, double defaultEpsHigh) {
            return new Clip(eps == null ? defaultEps : eps, epsHigh == null ? defaultEpsHigh : epsHigh);
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

    /**
     * The definition of a loss for recipes.
     *
     * @param keys settings it has beside {@code beta} and {@code kl}
     * @param make applies the loss's defaults
     */
    record Definition(String name, Set<String> keys, Function<Settings, PolicyLoss> make) {}

    /** All losses; the first is the default of a recipe. */
    @SuppressWarnings("ClassInitializationDeadlock")
    List<Definition> DEFINITIONS = List.of(
            new Definition(
                    "dapo",
                    Set.of("eps", "epsHigh", "overlongFilter"),
                    s -> new Dapo(s.clip(0.2, 0.28), s.penalty(), Boolean.TRUE.equals(s.overlongFilter()))),
            new Definition("grpo", Set.of("eps", "epsHigh"), s -> new Grpo(s.clip(0.2, 0.2), s.penalty())),
            new Definition("dr_grpo", Set.of("eps", "epsHigh"), s -> new DrGrpo(s.clip(0.2, 0.2), s.penalty())),
            new Definition("bnpo", Set.of("eps", "epsHigh"), s -> new Bnpo(s.clip(0.2, 0.2), s.penalty())),
            new Definition("gspo", Set.of("eps", "epsHigh"), s -> new Gspo(s.clip(3e-4, 4e-4), s.penalty())),
            new Definition(
                    "cispo", Set.of("epsMax"), s -> new Cispo(s.epsMax() == null ? 5 : s.epsMax(), s.penalty())));

    /** Returns the names of all losses. */
    static List<String> names() {
        return DEFINITIONS.stream().map(Definition::name).toList();
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
        Definition definition = DEFINITIONS.stream()
                .filter(one -> one.name().equals(settings.name()))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown loss \"" + settings.name() + "\"; known: " + String.join(", ", names())));
        for (String key : settings.given()) {
            if (!definition.keys().contains(key)) {
                throw new InputException("the loss \"" + definition.name() + "\" has no setting \"" + key + "\"");
            }
        }
        return definition.make().apply(settings);
    }

    /** The KL penalty, added to the loss of each token. */
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
        public LossOutputs compute(LossInputs inputs) {
            double share = 1.0 / inputs.batch().rollouts();
            return TokenSum.clipped(inputs, clip, kl, rollout -> share / rollout.logProbs().length);
        }
    }

    /** Sum over tokens / tokens of the local batch, which is one row; mean over rows. */
    record Bnpo(Clip clip, KlPenalty kl) implements PolicyLoss {
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
        @Override
        public LossOutputs compute(LossInputs inputs) {
            double weight = 1.0 / inputs.batch().tokens();
            return TokenSum.clipped(inputs, clip, kl, rollout -> overlongFilter && rollout.truncated() ? 0 : weight);
        }
    }

    /** Sum over tokens / (N * L_max), advantages not divided by the standard deviation (arXiv 2503.20783). */
    record DrGrpo(Clip clip, KlPenalty kl) implements PolicyLoss {
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
