package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Average precision of one query as moment_detr's evaluator computes it (standalone_eval/utils.py): of intervals and of
 * clips.
 */
final class AveragePrecision {
    private AveragePrecision() {}

    /**
     * Average precision of ranked intervals at each threshold (VOC 2011: precision made monotone, area under it). A
     * prediction is true if the best truth that no better ranked prediction has taken has an IoU of at least the
     * threshold. Source: {@code compute_average_precision_detection}.
     *
     * @param truths at least one
     * @param ranked predictions, best first
     * @return in [0, 1], in the order of the thresholds
     */
    static List<Double> ofIntervals(List<Span> truths, List<Span> ranked, List<Double> thresholds) {
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
    static List<Span> rank(List<Span> spans, List<Double> scores) {
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
     * Truths in the order in which a prediction tries them: of those with the same IoU the later first, as in the
     * original, and one whose IoU is not a number before all.
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
        return Arithmetic.pairwise(steps);
    }

    /**
     * Average precision of clips ranked by saliency, by one annotator: precision at every threshold that finds another
     * positive clip, made monotone, averaged. Source: {@code get_ap} over scikit-learn's precision-recall curve.
     *
     * @param positive for each clip of the video
     * @param saliency predicted; a missing score of a later clip is 0, superfluous ones are cut
     * @return in [0, 1]; without a positive clip 0, without a negative one 1
     */
    static double ofClips(boolean[] positive, List<Double> saliency) {
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
        return Arithmetic.numpy(counted);
    }
}
