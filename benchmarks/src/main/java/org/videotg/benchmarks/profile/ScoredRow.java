package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What a profile made of one row.
 *
 * @param id of the annotated row
 * @param status whether the row is in the denominator, and if not, why
 * @param parsed whether the evaluator could read the prediction
 * @param used the spans that were compared, as the evaluator changed them
 * @param iou of the best of them that counts at rank 1; may be NaN
 * @param hits thresholds of 0.3, 0.5 and 0.7 that the row passes
 * @param right whether the chosen option is right; null without a question
 * @param note what the evaluator did to this row that others don't, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoredRow(
        String id,
        Status status,
        boolean parsed,
        List<Span> used,
        double iou,
        NavigableSet<Double> hits,
        Boolean right,
        String note) {
    /** Thresholds by which rows are told apart. */
    public static final List<Double> THRESHOLDS = List.of(0.3, 0.5, 0.7);

    /** Where a row went. */
    public enum Status {
        /** In the denominator. */
        SCORED,
        /** Without a prediction. */
        MISSING,
        /** Not in the denominator, though it has a prediction. */
        LEFT_OUT,
        /** The same key stands again later, and the later row holds. */
        REPEATED
    }

    public ScoredRow {
        Objects.requireNonNull(id, "id");
        used = List.copyOf(used);
        hits = java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(hits));
    }

    static ScoredRow missing(Pair pair) {
        return new ScoredRow(pair.truth().id(), Status.MISSING, false, List.of(), 0, new TreeSet<>(), null, null);
    }

    static ScoredRow repeated(Pair pair) {
        return new ScoredRow(pair.truth().id(), Status.REPEATED, true, List.of(), 0, new TreeSet<>(), null, null);
    }

    static ScoredRow unparsed(Pair pair, String note) {
        return new ScoredRow(pair.truth().id(), Status.SCORED, false, List.of(), 0, new TreeSet<>(), null, note);
    }

    static ScoredRow leftOut(Pair pair, List<Span> used, String note) {
        return new ScoredRow(pair.truth().id(), Status.LEFT_OUT, !used.isEmpty(), used, 0, new TreeSet<>(), null, note);
    }

    /** A row that passes the thresholds its IoU reaches. */
    static ScoredRow reaching(Pair pair, List<Span> used, double iou, String note) {
        return new ScoredRow(pair.truth().id(), Status.SCORED, true, used, iou, reached(iou), null, note);
    }

    static NavigableSet<Double> reached(double iou) {
        NavigableSet<Double> hits = new TreeSet<>(THRESHOLDS);
        hits.removeIf(threshold -> !(iou >= threshold));
        return hits;
    }

    ScoredRow answered(Boolean correctly) {
        return new ScoredRow(id, status, parsed, used, iou, hits, correctly, note);
    }

    boolean counts() {
        return status == Status.SCORED;
    }
}
