package org.videotg.training.loss;

import org.videotg.core.io.InputException;

/**
 * The clipped surrogate -min(rho * A, clip(rho, 1 - eps, 1 + epsHigh) * A) (PPO, arXiv 1707.06347; two bounds as in DAPO).
 *
 * @param eps in (0, 1)
 * @param epsHigh above 0
 */
public record Clip(double eps, double epsHigh) {
    public Clip {
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

    /** Whether the clipped side is the smaller one, so that no gradient flows. */
    boolean cuts(double ratio, double advantage) {
        return (advantage > 0 && ratio > 1 + epsHigh) || (advantage < 0 && ratio < 1 - eps);
    }

    /** Derivative of {@link #loss} by log rho. */
    double gradient(double ratio, double advantage) {
        return cuts(ratio, advantage) ? 0 : -ratio * advantage;
    }
}
