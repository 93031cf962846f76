package org.videotg.training.recipe;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** When a training ends before its last step: once the reward has stopped rising. */
public record EarlyStopSettings(
        @Setting(value = "steps over which the reward is averaged", defaultValue = "50", range = "in [1, 100000]")
        int window,

        @Setting(
                value = "training ends when that mean has not risen for so many steps; steps in which the curriculum"
                        + " masks do not count",
                defaultValue = "100",
                range = "at least 1")
        int patience,

        @Setting(value = "smallest rise that counts", defaultValue = "0.005", range = "at least 0")
        double minGain) {
    public EarlyStopSettings {
        Settings.check(EarlyStopSettings.class, window, patience, minGain);
    }
}
