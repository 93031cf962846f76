package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Average precision of clips ranked by saliency: precision at every threshold that finds another positive clip, made monotone,
 * averaged. Source: {@code get_ap} in jayleicn/moment_detr standalone_eval/utils.py over scikit-learn's precision-recall curve.
 */
public final class ClipPrecision {
    private ClipPrecision() {}

    /**
     * Average precision of one query by one annotator.
     *
     * @param positive for each clip of the video
     * @param saliency predicted; a missing score of a later clip is 0, superfluous ones are cut
     * @return in [0, 1]; without a positive clip 0, without a negative one 1
     */
    public static double of(boolean[] positive, List<Double> saliency) {
        int positives = (int)
                IntStream.range(0, positive.length).filter(i -> positive[i]).count();
        if (positives == 0 || positives == positive.length) {
            return positives == 0 ? 0 : 1;
        }
        double[] scores = new double[positive.length];
        Arrays.setAll(scores, i -> i < saliency.size() ? saliency.get(i) : 0);
        List<Integer> ranked = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .toList();
        List<Double> precision = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        int hits = 0;
        for (int i = 0; i < ranked.size(); i++) {
            hits += positive[ranked.get(i)] ? 1 : 0;
            boolean lastOfItsScore = i + 1 == ranked.size() || scores[ranked.get(i)] != scores[ranked.get(i + 1)];
            if (lastOfItsScore) {
                precision.add((double) hits / (i + 1));
                found.add(hits);
            }
        }
        return average(precision, found);
    }

    /** From the lowest threshold to the highest, the running maximum wherever the next threshold finds fewer. */
    private static double average(List<Double> precision, List<Integer> found) {
        List<Double> counted = new ArrayList<>();
        double best = 0;
        for (int k = precision.size() - 1; k >= 0; k--) {
            best = Math.max(best, precision.get(k));
            if (found.get(k) != (k == 0 ? 0 : found.get(k - 1).intValue())) {
                counted.add(best);
            }
        }
        return Means.numpy(counted);
    }
}
