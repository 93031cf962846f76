package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Intersection and union of spans by the formulas of the field's evaluators. A reversed span has a negative length
 * here; how it is scored is up to each evaluator.
 */
final class Overlap {
    private Overlap() {}

    /** min(ends) - max(starts); negative if the two are disjoint or one is reversed. */
    static double intersection(Span a, Span b) {
        return Math.min(a.end(), b.end()) - Math.max(a.start(), b.start());
    }

    /** max(ends) - min(starts): more than the union if the two are disjoint, where the IoU is 0 all the same. */
    static double hull(Span a, Span b) {
        return Math.max(a.end(), b.end()) - Math.min(a.start(), b.start());
    }

    /** Intersection, at least 0, over both lengths less the intersection. NaN and infinity are possible. */
    static double iouByLengths(Span a, Span b) {
        double intersection = Math.max(0, intersection(a, b));
        return intersection / (a.end() - a.start() + (b.end() - b.start()) - intersection);
    }

    /** Intersection, at least 0, over the hull; 0 where the hull is 0. */
    static double iouByHull(Span a, Span b) {
        double hull = hull(a, b);
        return hull == 0 ? 0 : Math.max(0, intersection(a, b)) / hull;
    }

    /**
     * IoU of two sets of spans, each merged first; spans that touch become one. 1 if neither side has a length. Source:
     * OpenGVLab/VideoChat-R1 evaluate_gqa.py.
     */
    static double merged(List<Span> a, List<Span> b) {
        List<Span> first = merge(a);
        List<Span> second = merge(b);
        double intersection = 0;
        int i = 0;
        int j = 0;
        while (i < first.size() && j < second.size()) {
            intersection += Math.max(0, intersection(first.get(i), second.get(j)));
            if (first.get(i).end() < second.get(j).end()) {
                i++;
            } else {
                j++;
            }
        }
        double union = length(first) + length(second) - intersection;
        return union == 0 ? 1 : intersection / union;
    }

    private static List<Span> merge(List<Span> spans) {
        List<Span> merged = new ArrayList<>();
        for (Span next :
                spans.stream().sorted(Comparator.comparingDouble(Span::start)).toList()) {
            Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && next.start() <= last.end()) {
                merged.set(merged.size() - 1, new Span(last.start(), Math.max(last.end(), next.end())));
            } else {
                merged.add(next);
            }
        }
        return merged;
    }

    private static double length(List<Span> spans) {
        return spans.stream().map(span -> span.end() - span.start()).reduce(0.0, Double::sum);
    }

    /**
     * IoU over the hull with the truth that has the highest IoU over the lengths, as moment_detr and ReXTime choose it:
     * the first of equals, not-a-number above all.
     */
    static double iouWithBest(Span top, List<Span> truths) {
        int best = 0;
        double highest = iouByLengths(top, truths.get(0));
        for (int i = 1; i < truths.size() && !Double.isNaN(highest); i++) {
            double iou = iouByLengths(top, truths.get(i));
            if (Double.isNaN(iou) || iou > highest) {
                best = i;
                highest = iou;
            }
        }
        return iouByHull(top, truths.get(best));
    }

    /**
     * IoU over the hull of the prediction and the truth that have the highest IoU over the lengths: the first
     * prediction of equals and its first truth, not-a-number counting as 0.
     */
    static double iouOfBest(List<Span> predictions, List<Span> truths) {
        Span best = predictions.get(0);
        Span nearest = truths.get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (Span prediction : predictions) {
            for (Span truth : truths) {
                double iou = iouByLengths(prediction, truth);
                iou = Double.isNaN(iou) ? 0 : iou;
                if (iou > highest) {
                    best = prediction;
                    nearest = truth;
                    highest = iou;
                }
            }
        }
        return iouByHull(best, nearest);
    }
}
