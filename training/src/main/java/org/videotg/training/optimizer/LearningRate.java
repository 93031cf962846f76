package org.videotg.training.optimizer;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * A learning rate schedule: linear warm-up from 0 to the peak, an optional constant part, then the decay, which would
 * reach 0 one step after the last.
 */
public record LearningRate(
        @Setting(key = "learningRate", value = "highest learning rate", defaultValue = "1.0e-5", range = "above 0")
        double peak,

        @Setting(
                value = "share of the steps spent on the linear warm-up from 0",
                defaultValue = "0",
                range = "in [0, 1)")
        double warmup,

        @Setting(
                value = "share of the remaining steps that stay at the highest learning rate",
                defaultValue = "0",
                range = "in [0, 1)")
        double hold,

        @Setting(key = "schedule", value = "decay of the learning rate after that", defaultValue = "linear")
        Decay decay) {
    public LearningRate {
        Settings.check(LearningRate.class, peak, warmup, hold, decay);
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
