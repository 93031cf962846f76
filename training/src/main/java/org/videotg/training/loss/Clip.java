package org.videotg.training.loss;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** The clipped surrogate -min(rho * A, clip(rho, 1 - eps, 1 + epsHigh) * A) (PPO, arXiv 1707.06347; two bounds as in DAPO). */
public record Clip(
        @Setting(
                value = "lower clipping bound: ratios below 1 - eps are clipped",
                defaultValue = "0.2",
                range = "in (0, 1)")
        double eps,

        @Setting(
                value = "upper clipping bound: ratios above 1 + epsHigh are clipped",
                defaultValue = "0.2",
                range = "above 0")
        double epsHigh) {
    public Clip {
        Settings.check(Clip.class, eps, epsHigh);
    }

    double loss(double ratio, double advantage) {
        double clipped = Math.min(Math.max(ratio, 1 - eps), 1 + epsHigh);
        return -Math.min(ratio * advantage, clipped * advantage);
    }

    /** Whether the clipped side is the smaller one, so that no gradient flows. */
    boolean cuts(double ratio, double advantage) {
        return (advantage > 0 && ratio > 1 + epsHigh) || (advantage < 0 && ratio < 1 - eps);
    }

    /** Derivative of {@link #loss} by log rho. */
    double gradient(double ratio, double advantage) {
        return cuts(ratio, advantage) ? 0 : -ratio * advantage;
    }
}
