package org.videotg.app.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.videotg.models.tensor.ComputeDtype;

/**
 * How far one computation of a step lies from another.
 *
 * @param what the computation, and what it is compared with
 * @param logProbs largest difference of a reply token's log-probability
 * @param gradients distance of all gradients, relative to the norm of those they are compared with
 */
public record Agreement(String what, double logProbs, double gradients, Tolerance tolerance) {
    /** The differences up to which two computations agree. They are defined by this project. */
    public record Tolerance(double logProbs, double gradients) {
        /** Sums in another order, which changes the last digits. */
        private static final Tolerance FLOAT32 = new Tolerance(1e-3, 1e-3);
        /** Rounding to 8 bits after every operation. */
        private static final Tolerance BFLOAT16 = new Tolerance(0.15, 0.1);

        static Tolerance of(ComputeDtype dtype) {
            return dtype == ComputeDtype.FLOAT32 ? FLOAT32 : BFLOAT16;
        }
    }

    /** @throws IllegalArgumentException if they are not of the same step */
    static Agreement of(String what, StepValues found, StepValues expected, Tolerance tolerance) {
        if (found.logProbs().length != expected.logProbs().length
                || !found.gradients().keySet().equals(expected.gradients().keySet())) {
            throw new IllegalArgumentException("values of different steps");
        }
        double largest = 0;
        for (int i = 0; i < expected.logProbs().length; i++) {
            // Math.max keeps what is not a number.
            largest = Math.max(largest, Math.abs((double) found.logProbs()[i] - expected.logProbs()[i]));
        }
        double apart = 0;
        double norm = 0;
        for (var gradient : expected.gradients().entrySet()) {
            float[] other = found.gradients().get(gradient.getKey());
            for (int i = 0; i < other.length; i++) {
                double value = gradient.getValue()[i];
                apart += (other[i] - value) * (other[i] - value);
                norm += value * value;
            }
        }
        return new Agreement(what, largest, Math.sqrt(apart / norm), tolerance);
    }

    /** Returns whether the differences are within the tolerance; what is not a number never is. */
    @JsonProperty
    public boolean agrees() {
        return logProbs <= tolerance.logProbs() && gradients <= tolerance.gradients();
    }
}
