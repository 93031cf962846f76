package org.videotg.benchmarks.profile;

/**
 * Intersection and union of two spans by the formulas of the field's evaluators. A reversed span has a negative length here; what
 * follows from that is each evaluator's own.
 */
public final class Overlap {
    private Overlap() {}

    /** min(ends) - max(starts); negative if the two are disjoint or one is reversed. */
    public static double intersection(Span a, Span b) {
        return Math.min(a.end(), b.end()) - Math.max(a.start(), b.start());
    }

    /** max(ends) - min(starts): more than the union if the two are disjoint, where the IoU is 0 all the same. */
    public static double hull(Span a, Span b) {
        return Math.max(a.end(), b.end()) - Math.min(a.start(), b.start());
    }

    /** Intersection, at least 0, over both lengths less the intersection. NaN and infinity are possible. */
    public static double iouByLengths(Span a, Span b) {
        double intersection = Math.max(0, intersection(a, b));
        return intersection / (a.end() - a.start() + (b.end() - b.start()) - intersection);
    }

    /** Intersection, at least 0, over the hull; 0 where the hull is 0. */
    public static double iouByHull(Span a, Span b) {
        double hull = hull(a, b);
        return hull == 0 ? 0 : Math.max(0, intersection(a, b)) / hull;
    }
}
