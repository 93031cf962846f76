package org.videotg.core.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Set algebra over intervals in seconds. Results are sorted, disjoint and hold no empty interval. */
public final class Intervals {
    private Intervals() {}

    /** The union as disjoint intervals; touching ones become one, empty and reversed ones vanish. */
    public static List<Interval> merge(List<Interval> intervals) {
        List<Interval> sorted = new ArrayList<>(intervals);
        sorted.removeIf(Interval::isEmpty);
        sorted.sort(Comparator.comparingDouble(Interval::start).thenComparingDouble(Interval::end));
        List<Interval> merged = new ArrayList<>();
        for (Interval next : sorted) {
            Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && next.start() <= last.end()) {
                merged.set(merged.size() - 1, new Interval(last.start(), Math.max(last.end(), next.end())));
            } else {
                merged.add(next);
            }
        }
        return List.copyOf(merged);
    }

    /** Length of the union in seconds. */
    public static double length(List<Interval> intervals) {
        return merge(intervals).stream().mapToDouble(Interval::length).sum();
    }

    public static List<Interval> intersect(List<Interval> a, List<Interval> b) {
        List<Interval> both = new ArrayList<>();
        for (Interval x : merge(a)) {
            for (Interval y : merge(b)) {
                if (x.overlaps(y)) {
                    both.add(new Interval(Math.max(x.start(), y.start()), Math.min(x.end(), y.end())));
                }
            }
        }
        return merge(both);
    }

    /** What of {@code from} lies in none of {@code minus}. */
    public static List<Interval> subtract(List<Interval> from, List<Interval> minus) {
        List<Interval> rest = new ArrayList<>();
        List<Interval> cuts = merge(minus);
        for (Interval piece : merge(from)) {
            double start = piece.start();
            for (Interval cut : cuts) {
                if (cut.end() <= start || cut.start() >= piece.end()) {
                    continue;
                }
                if (cut.start() > start) {
                    rest.add(new Interval(start, cut.start()));
                }
                start = Math.max(start, cut.end());
            }
            if (start < piece.end()) {
                rest.add(new Interval(start, piece.end()));
            }
        }
        return List.copyOf(rest);
    }

    /** Intersection over union of two single intervals; 0 if either is empty or reversed. */
    public static double iou(Interval a, Interval b) {
        if (a.isEmpty() || b.isEmpty()) {
            return 0;
        }
        double intersection = Math.max(0, Math.min(a.end(), b.end()) - Math.max(a.start(), b.start()));
        return intersection / (a.length() + b.length() - intersection);
    }

    /** Multi-interval IoU: total intersection over total union after merging; 0 if either side is empty. */
    public static double iou(List<Interval> a, List<Interval> b) {
        double intersection = length(intersect(a, b));
        double union = length(a) + length(b) - intersection;
        return intersection <= 0 || union <= 0 ? 0 : intersection / union;
    }
}
