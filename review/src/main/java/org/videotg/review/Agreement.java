package org.videotg.review;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.reflection.ReviewDecision.Choice;

/**
 * How far two reviewers agree.
 *
 * @param one name of the first
 * @param other name of the second
 * @param samples that both have decided about
 * @param same of these, with the same decision
 * @param kappa Cohen's kappa (1960) of the decisions: (po - pe) / (1 - pe), po being the share of equal decisions and pe
 *     the share expected by chance from how often each takes each decision; empty if nothing is in common, or both take
 *     one and the same decision always
 * @param repairs that both have repaired, with intervals of their own
 * @param repairIou mean IoU of their repairs; empty without any
 */
public record Agreement(
        String one, String other, int samples, int same, OptionalDouble kappa, int repairs, OptionalDouble repairIou) {
    /** The agreement of each two reviewers who have decided about a common sample. */
    public static List<Agreement> of(Decisions decisions) {
        List<Map.Entry<String, Map<String, ReviewDecision>>> reviewers =
                new ArrayList<>(decisions.byReviewer().entrySet());
        List<Agreement> all = new ArrayList<>();
        for (int i = 0; i < reviewers.size(); i++) {
            for (int j = i + 1; j < reviewers.size(); j++) {
                of(reviewers.get(i), reviewers.get(j)).ifPresent(all::add);
            }
        }
        return all;
    }

    private static Optional<Agreement> of(
            Map.Entry<String, Map<String, ReviewDecision>> one, Map.Entry<String, Map<String, ReviewDecision>> other) {
        int[][] counts = new int[Choice.values().length][Choice.values().length];
        List<Double> ious = new ArrayList<>();
        one.getValue().forEach((id, first) -> {
            ReviewDecision second = other.getValue().get(id);
            if (second != null) {
                counts[first.choice().ordinal()][second.choice().ordinal()]++;
                if (first.intervals() != null && second.intervals() != null) {
                    ious.add(iou(first.intervals(), second.intervals()));
                }
            }
        });
        int samples = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
        int same = 0;
        for (int i = 0; i < counts.length; i++) {
            same += counts[i][i];
        }
        return samples == 0
                ? Optional.empty()
                : Optional.of(new Agreement(
                        one.getKey(),
                        other.getKey(),
                        samples,
                        same,
                        kappa(counts),
                        ious.size(),
                        ious.stream().mapToDouble(Double::doubleValue).average()));
    }

    private static double iou(List<Interval> one, List<Interval> other) {
        return Intervals.iou(one, other);
    }

    /** Cohen's kappa of a table of counts: rows are the first reviewer's decisions, columns the second's. */
    static OptionalDouble kappa(int[][] counts) {
        double total = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
        double observed = 0;
        double expected = 0;
        for (int i = 0; i < counts.length; i++) {
            int at = i;
            observed += counts[i][i] / total;
            expected += Arrays.stream(counts[i]).sum()
                    / total
                    * Arrays.stream(counts).mapToInt(row -> row[at]).sum()
                    / total;
        }
        return total == 0 || expected >= 1
                ? OptionalDouble.empty()
                : OptionalDouble.of((observed - expected) / (1 - expected));
    }
}
