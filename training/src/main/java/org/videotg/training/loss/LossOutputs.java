package org.videotg.training.loss;

import java.util.List;

/**
 * A loss and its gradient.
 *
 * @param loss this part's share of the batch's loss
 * @param gradients dLoss/dLogProb, for each rollout an entry per token
 * @param kl mean over tokens of the KL estimate; 0 without reference
 * @param clipFraction share of tokens (sequences for gspo) whose ratio is clipped, so that no policy gradient flows
 */
public record LossOutputs(double loss, List<float[]> gradients, double kl, double clipFraction) {
    public LossOutputs {
        gradients = List.copyOf(gradients);
    }
}
