package org.videotg.training.loss;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import org.videotg.core.io.InputException;

/**
 * The penalty beta * KL(policy || reference), estimated per token from d = ref - lp (http://joschu.net/blog/kl-approx.html).
 *
 * @param beta 0 for no penalty and no reference pass
 */
public record KlPenalty(double beta, Estimator estimator) {
    public static final KlPenalty NONE = new KlPenalty(0, Estimator.K3);

    public KlPenalty {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new InputException("\"beta\" must be a number of 0 or more, not " + beta);
        }
        Objects.requireNonNull(estimator, "estimator");
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
