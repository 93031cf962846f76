package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** When a training ends before its last step: once a score has stopped rising. */
public record EarlyStopSettings(
        @Setting(
                value = "score that is followed: the reward of the rollouts (method grpo only), or the mIoU of the"
                        + " validation",
                defaultValue = "reward")
        Score by,

        @Setting(
                value = "steps over which the reward is averaged; a validation counts as it is",
                defaultValue = "50",
                range = "in [1, 100000]")
        int window,

        @Setting(
                value =
                        "training ends when the score has not risen for so many steps; of the reward, steps in which the"
                                + " curriculum masks do not count",
                defaultValue = "100",
                range = "at least 1")
        int patience,

        @Setting(value = "smallest rise that counts", defaultValue = "0.005", range = "at least 0")
        double minGain) {
    /** A score that a training can follow. */
    public enum Score {
        REWARD,
        VALIDATION;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EarlyStopSettings {
        Settings.check(EarlyStopSettings.class, by, window, patience, minGain);
    }

    /** Returns over how many scores the mean is taken. */
    public int averaged() {
        return by == Score.REWARD ? window : 1;
    }
}
