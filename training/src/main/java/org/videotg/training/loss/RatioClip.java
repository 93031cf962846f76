package org.videotg.training.loss;

import org.videotg.core.io.InputException;

/**
 * The bounds of the ratio in the clipped surrogate -min(rho * A, clip(rho, 1 - eps, 1 + epsHigh) * A) (PPO, arXiv 1707.06347; two
 * bounds as in DAPO).
 *
 * @param eps in (0, 1)
 * @param epsHigh above 0
 */
public record RatioClip(double eps, double epsHigh) {
    public RatioClip {
        if (!(eps > 0 && eps < 1)) {
            throw new InputException("\"eps\" must lie in (0, 1), not " + eps);
        }
        if (!(epsHigh > 0) || Double.isInfinite(epsHigh)) {
            throw new InputException("\"epsHigh\" must be above 0, not " + epsHigh);
        }
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
