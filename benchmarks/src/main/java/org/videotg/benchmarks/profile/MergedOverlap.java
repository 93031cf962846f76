package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** IoU of two sets of spans, each merged first; spans that touch become one. Source: OpenGVLab/VideoChat-R1 evaluate_gqa.py. */
public final class MergedOverlap {
    private MergedOverlap() {}

    /** Total intersection over total union; 1 if both sides have no length. */
    public static double iou(List<Span> a, List<Span> b) {
        List<Span> first = merge(a);
        List<Span> second = merge(b);
        double intersection = 0;
        int i = 0;
        int j = 0;
        while (i < first.size() && j < second.size()) {
            intersection += Math.max(0, Overlap.intersection(first.get(i), second.get(j)));
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
}
