package org.videotg.training.loss;

import java.util.List;

/**
 * A loss and its gradient.
 *
 * @param loss this part's share of the batch's loss
 * @param gradients dLoss/dLogProb by rollout and token
 * @param kl mean of the KL estimate over tokens; 0 without a reference
 * @param clipFraction share of tokens (for gspo, of sequences) with a clipped ratio and so without a policy gradient
 */
public record LossOutputs(double loss, List<float[]> gradients, double kl, double clipFraction) {
    public LossOutputs {
        gradients = List.copyOf(gradients);
    }
}
