package org.videotg.training.optim;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * A learning rate over the training: it rises linearly from 0 over the warm-up, then follows the decay, which would reach 0
 * one step after the last.
 */
public record LearningRate(
        @Setting(key = "learningRate", value = "highest learning rate", defaultValue = "1.0e-5", range = "above 0")
        double peak,

        @Setting(
                value = "share of the steps over which the rate rises linearly from 0",
                defaultValue = "0",
                range = "in [0, 1)")
        double warmup,

        @Setting(
                value = "share of the steps after the warm-up that stay at the highest rate before it falls",
                defaultValue = "0",
                range = "in [0, 1)")
        double hold,

        @Setting(key = "schedule", value = "how the rate falls after warm-up and hold", defaultValue = "linear")
        Decay decay) {
    public LearningRate {
        Settings.check(LearningRate.class, peak, warmup, hold, decay);
    }

    /** How it falls. */
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
     * The rate of a step.
     *
     * @param step from 0
     * @param steps of the whole training
     */
    public double at(long step, long steps) {
        double rising = warmup * steps;
        if (step + 1 < rising) {
            return peak * (step + 1) / rising;
        }
        double start = rising + hold * (steps - rising);
        double x = Math.min(1, Math.max(0, (step - start) / Math.max(1, steps - start)));
        return switch (decay) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - x);
            case COSINE -> peak * (1 + Math.cos(Math.PI * x)) / 2;
        };
    }
}
