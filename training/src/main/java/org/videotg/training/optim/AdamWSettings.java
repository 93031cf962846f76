package org.videotg.training.optim;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** Settings of AdamW (arXiv 1711.05101). */
public record AdamWSettings(
        @Setting(value = "decay of the gradient's running mean", defaultValue = "0.9", range = "in [0, 1)")
        double beta1,

        @Setting(value = "decay of the squared gradient's running mean", defaultValue = "0.999", range = "in [0, 1)")
        double beta2,

        @Setting(value = "added to the denominator of the update", defaultValue = "1.0e-8", range = "above 0")
        double eps,

        @Setting(
                value = "decoupled weight decay; for tensors of two dimensions or more, so neither biases nor norms",
                defaultValue = "0",
                range = "at least 0")
        double weightDecay) {
    public static final AdamWSettings DEFAULT = Settings.defaults(AdamWSettings.class);

    public AdamWSettings {
        Settings.check(AdamWSettings.class, beta1, beta2, eps, weightDecay);
    }
}
