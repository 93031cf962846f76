package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Average precision of ranked intervals (VOC 2011: precision made monotone, area under it). A prediction is true if the best
 * truth that no better ranked prediction has taken has an IoU of at least the threshold. Source:
 * {@code compute_average_precision_detection} in jayleicn/moment_detr standalone_eval/utils.py.
 */
public final class IntervalPrecision {
    private IntervalPrecision() {}

    /**
     * Average precision at each threshold.
     *
     * @param truths at least one
     * @param ranked predictions, best first
     * @return in [0, 1], in the order of the thresholds
     */
    public static List<Double> of(List<Span> truths, List<Span> ranked, List<Double> thresholds) {
        List<Candidates> candidates = ranked.stream()
                .map(predicted -> Candidates.of(truths, predicted))
                .toList();
        return thresholds.stream()
                .map(threshold -> {
                    boolean[] taken = new boolean[truths.size()];
                    return area(
                            candidates.stream()
                                    .map(one -> one.take(threshold, taken))
                                    .toList(),
                            truths.size());
                })
                .toList();
    }

    /** Predictions by score, highest first; those of one score stay in their order. Without scores, all do. */
    public static List<Span> rank(List<Span> spans, List<Double> scores) {
        if (scores.isEmpty()) {
            return spans;
        }
        return IntStream.range(0, spans.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> 0 - scores.get(i)))
                .map(spans::get)
                .toList();
    }

    /**
     * Truths in the order in which a prediction tries them: of those with the same IoU the later first, as in the original, and
     * one whose IoU is not a number before all.
     */
    private record Candidates(double[] ious, int[] order) {
        static Candidates of(List<Span> truths, Span predicted) {
            double[] ious = truths.stream()
                    .mapToDouble(truth -> Overlap.iouByLengths(predicted, truth))
                    .toArray();
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, ious.length).boxed().toList());
            order.sort((a, b) -> compare(ious[a], ious[b]));
            Collections.reverse(order);
            return new Candidates(
                    ious, order.stream().mapToInt(Integer::intValue).toArray());
        }

        boolean take(double threshold, boolean[] taken) {
            for (int j : order) {
                if (ious[j] < threshold) {
                    return false;
                }
                if (!taken[j]) {
                    taken[j] = true;
                    return true;
                }
            }
            return false;
        }
    }

    /** Ascending, zeros of both signs equal, not-a-number last. */
    private static int compare(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return a < b ? -1 : a > b ? 1 : 0;
    }

    private static double area(List<Boolean> hits, int truths) {
        int n = hits.size();
        double[] precision = new double[n + 2];
        double[] recall = new double[n + 2];
        recall[n + 1] = 1;
        double found = 0;
        for (int i = 1; i <= n; i++) {
            found += hits.get(i - 1) ? 1 : 0;
            precision[i] = found / i;
            recall[i] = found / truths;
        }
        for (int i = n; i >= 0; i--) {
            precision[i] = Math.max(precision[i], precision[i + 1]);
        }
        List<Double> steps = new ArrayList<>();
        for (int i = 1; i < n + 2; i++) {
            if (recall[i] != recall[i - 1]) {
                steps.add((recall[i] - recall[i - 1]) * precision[i]);
            }
        }
        return Means.pairwise(steps);
    }
}
