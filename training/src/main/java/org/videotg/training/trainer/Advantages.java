package org.videotg.training.trainer;

import java.util.Arrays;
import org.videotg.method.reward.WeightedReward;

/** Group-relative advantages (arXiv 2402.03300, with TRL's epsilon). */
final class Advantages {
    private static final double EPSILON = 1e-4;
    private static final double NO_SPREAD = 1e-8;

    private Advantages() {}

    static double mean(double[] rewards) {
        return Arrays.stream(rewards).sum() / rewards.length;
    }

    /** Returns whether the rewards of a group differ, so that some rollouts are preferred to others. */
    static boolean hasSignal(double[] rewards) {
        return WeightedReward.std(rewards) >= NO_SPREAD;
    }

    /**
     * Returns (r - mean) / (std + 1e-4), or r - mean unless {@code byStd} (Dr. GRPO); zeros for a group with equal
     * rewards.
     *
     * @param rewards of one group
     */
    static double[] of(double[] rewards, boolean byStd) {
        double[] advantages = new double[rewards.length];
        if (hasSignal(rewards)) {
            double mean = mean(rewards);
            double scale = byStd ? WeightedReward.std(rewards) + EPSILON : 1;
            Arrays.setAll(advantages, i -> (rewards[i] - mean) / scale);
        }
        return advantages;
    }
}
