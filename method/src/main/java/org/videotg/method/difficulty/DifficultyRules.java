package org.videotg.method.difficulty;

import java.util.List;

/** Difficulty of a sample from the IoUs of its predictions; defined by this project. */
public final class DifficultyRules {
    private DifficultyRules() {}

    /** 1 - mean IoU, in [0, 1]. */
    public static double of(List<Double> ious) {
        return 1 - mean(ious);
    }

    /** Hard iff mean IoU &lt; tau. */
    public static boolean hard(List<Double> ious, double tau) {
        return mean(ious) < tau;
    }

    /** Mean over all predictions, unparsed ones included as 0. */
    public static double mean(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("there are no predictions");
        }
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
