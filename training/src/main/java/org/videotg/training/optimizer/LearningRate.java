package org.videotg.training.optimizer;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import org.videotg.core.io.InputException;

/**
 * A learning rate schedule: linear warm-up from 0 to the peak, an optional constant part, then the decay, which would reach 0 one
 * step after the last.
 *
 * @param peak highest learning rate
 * @param warmup share of the steps spent on the warm-up, in [0, 1)
 * @param hold share of the remaining steps that stay at the peak, in [0, 1)
 */
public record LearningRate(double peak, double warmup, double hold, Decay decay) {
    public LearningRate {
        if (!(peak > 0) || Double.isInfinite(peak)) {
            throw new InputException("\"learningRate\" must be above 0, not " + peak);
        }
        if (!(warmup >= 0 && warmup < 1)) {
            throw new InputException("\"warmup\" is a share of the steps in [0, 1), not " + warmup);
        }
        if (!(hold >= 0 && hold < 1)) {
            throw new InputException("\"hold\" is a share of the steps in [0, 1), not " + hold);
        }
        Objects.requireNonNull(decay, "decay");
    }

    /** The shape of the decay. */
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns the learning rate of a step.
     *
     * @param step from 0
     * @param steps of the whole training
     */
    public double at(long step, long steps) {
        double warmupSteps = warmup * steps;
        if (step + 1 < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double start = warmupSteps + hold * (steps - warmupSteps);
        double x = Math.min(1, Math.max(0, (step - start) / Math.max(1, steps - start)));
        return switch (decay) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - x);
            case COSINE -> peak * (1 + Math.cos(Math.PI * x)) / 2;
        };
    }
}
