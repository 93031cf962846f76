package org.videotg.training.optimizer;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** Settings of AdamW (arXiv 1711.05101). */
public record AdamWSettings(
        @Setting(value = "decay rate of the mean of gradients", defaultValue = "0.9", range = "in [0, 1)")
        double beta1,

        @Setting(value = "decay rate of the mean of squared gradients", defaultValue = "0.999", range = "in [0, 1)")
        double beta2,

        @Setting(
                value = "added to the root of the mean of squared gradients",
                defaultValue = "1.0e-8",
                range = "above 0")
        double eps,

        @Setting(
                value = "decoupled weight decay, for tensors of two and more dimensions",
                defaultValue = "0",
                range = "at least 0")
        double weightDecay) {
    public AdamWSettings {
        Settings.check(AdamWSettings.class, beta1, beta2, eps, weightDecay);
    }
}
