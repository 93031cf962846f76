package org.videotg.training.loss;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * The bounds of the ratio in the clipped surrogate -min(rho * A, clip(rho, 1 - eps, 1 + epsHigh) * A) (PPO, arXiv
 * 1707.06347; two bounds as in DAPO).
 */
public record RatioClip(
        @Setting(value = "the ratio's lower bound is 1 - eps", defaultValue = "0.2", range = "in (0, 1)")
        double eps,

        @Setting(value = "the ratio's upper bound is 1 + epsHigh", defaultValue = "0.2", range = "above 0")
        double epsHigh) {
    public RatioClip {
        Settings.check(RatioClip.class, eps, epsHigh);
    }

    double loss(double ratio, double advantage) {
        double clipped = Math.min(Math.max(ratio, 1 - eps), 1 + epsHigh);
        return -Math.min(ratio * advantage, clipped * advantage);
    }

    /** Returns whether the minimum is the clipped term, so that there is no gradient. */
    boolean clips(double ratio, double advantage) {
        return (advantage > 0 && ratio > 1 + epsHigh) || (advantage < 0 && ratio < 1 - eps);
    }

    /** Returns the derivative of {@link #loss} by log rho. */
    double gradient(double ratio, double advantage) {
        return clips(ratio, advantage) ? 0 : -ratio * advantage;
    }
}
