package org.videotg.training.loss;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** The penalty beta * KL(policy || reference), per token from d = ref - lp (http://joschu.net/blog/kl-approx.html). */
public record KlPenalty(
        @Setting(
                value = "weight of the KL penalty; 0 for no penalty and no reference pass",
                defaultValue = "0",
                range = "at least 0")
        double beta,

        @Setting(key = "kl", value = "estimator of the KL divergence of a token", defaultValue = "k3")
        Estimator estimator) {
    public static final KlPenalty NONE = Settings.defaults(KlPenalty.class);

    public KlPenalty {
        Settings.check(KlPenalty.class, beta, estimator);
    }

    /** Estimators of the KL divergence. */
    public enum Estimator {
        /** -d. */
        K1 {
            @Override
            double value(double d) {
                return -d;
            }

            @Override
            double gradient(double d) {
                return 1;
            }
        },
        /** d * d / 2. */
        K2 {
            @Override
            double value(double d) {
                return d * d / 2;
            }

            @Override
            double gradient(double d) {
                return -d;
            }
        },
        /** exp(d) - d - 1. */
        K3 {
            @Override
            double value(double d) {
                return Math.exp(d) - d - 1;
            }

            @Override
            double gradient(double d) {
                return 1 - Math.exp(d);
            }
        };

        /** Returns the estimate at d = ref - lp. */
        abstract double value(double d);

        /** Returns the derivative of the estimate by lp. */
        abstract double gradient(double d);

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
