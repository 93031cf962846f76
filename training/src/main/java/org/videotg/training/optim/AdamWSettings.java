package org.videotg.training.optim;

import org.videotg.core.io.InputException;

/**
 * Settings of AdamW (arXiv 1711.05101).
 *
 * @param weightDecay decoupled; for tensors of two dimensions or more, so neither biases nor norms
 */
public record AdamWSettings(double beta1, double beta2, double eps, double weightDecay) {
    /** Betas .9 and .999, no weight decay. */
    public static final AdamWSettings DEFAULT = new AdamWSettings(0.9, 0.999, 1e-8, 0);

    public AdamWSettings {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new InputException("\"beta1\" and \"beta2\" must lie in [0, 1), not " + beta1 + " and " + beta2);
        }
        if (!(eps > 0) || Double.isInfinite(eps)) {
            throw new InputException("\"eps\" must be above 0, not " + eps);
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new InputException("\"weightDecay\" must be 0 or more, not " + weightDecay);
        }
    }
}
