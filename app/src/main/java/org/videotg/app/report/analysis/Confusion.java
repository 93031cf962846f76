package org.videotg.app.report.analysis;

import java.util.List;
import java.util.function.Predicate;

/**
 * Counts of verdicts by truth. Positive means partially annotated; an undecided verdict counts as negative, as the sample is
 * kept.
 */
public record Confusion(int truePositives, int falsePositives, int falseNegatives, int trueNegatives) {
    public static Confusion of(List<LabelledReflection> labelled) {
        return of(labelled, LabelledReflection::truly, one -> one.verdict().partial());
    }

    /** Counts any items. */
    public static <T> Confusion of(List<T> items, Predicate<T> truly, Predicate<T> flagged) {
        int[] counts = new int[4];
        items.forEach(item -> counts[(truly.test(item) ? 0 : 1) + (flagged.test(item) ? 0 : 2)]++);
        return new Confusion(counts[0], counts[1], counts[2], counts[3]);
    }

    public int total() {
        return truePositives + falsePositives + falseNegatives + trueNegatives;
    }

    /** Share of the flagged samples that are truly partial; 0 if none is flagged. */
    public double precision() {
        return share(truePositives, truePositives + falsePositives);
    }

    /** Share of the truly partial samples that are flagged; 0 if there is none. */
    public double recall() {
        return share(truePositives, truePositives + falseNegatives);
    }

    /** Harmonic mean of precision and recall. */
    public double f1() {
        return share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /** Share of truly partial samples: the precision of flagging everything. */
    public double baseRate() {
        return share(truePositives + falseNegatives, total());
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
