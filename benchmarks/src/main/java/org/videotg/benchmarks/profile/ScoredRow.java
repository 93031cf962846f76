package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.videotg.benchmarks.profile.Pairing.Pair;

/**
 * What a profile made of one row.
 *
 * @param id of the annotated row
 * @param status whether the row is in the denominator, and if not, why
 * @param parsed whether the evaluator could read the prediction
 * @param used the spans that were compared, as the evaluator changed them
 * @param iou at rank 1; may be NaN
 * @param hits thresholds of 0.3, 0.5 and 0.7 that the row passes
 * @param right whether the chosen option is right; null without a question
 * @param note what the evaluator does with this row that others don't, or null
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

    /** Whether a row is in the denominator. */
    public enum Status {
        /** In the denominator. */
        SCORED,
        /** Without a prediction. */
        MISSING,
        /** Not in the denominator, though it has a prediction. */
        LEFT_OUT,
        /** A later row has the same key and holds. */
        REPEATED
    }

    public ScoredRow {
        Objects.requireNonNull(id, "id");
        used = List.copyOf(used);
        hits = Collections.unmodifiableNavigableSet(new TreeSet<>(hits));
    }

    private static ScoredRow of(Pair pair, Status status, boolean parsed, List<Span> used) {
        return new ScoredRow(pair.id(), status, parsed, used, 0, new TreeSet<>(), null, null);
    }

    static ScoredRow missing(Pair pair) {
        return of(pair, Status.MISSING, false, List.of());
    }

    static ScoredRow repeated(Pair pair) {
        return of(pair, Status.REPEATED, true, List.of());
    }

    static ScoredRow unparsed(Pair pair) {
        return of(pair, Status.SCORED, false, List.of());
    }

    static ScoredRow leftOut(Pair pair, List<Span> used) {
        return of(pair, Status.LEFT_OUT, !used.isEmpty(), used);
    }

    /** A row that passes the thresholds its IoU reaches. */
    static ScoredRow scored(Pair pair, List<Span> used, double iou) {
        return of(pair, Status.SCORED, true, used).withIou(iou).withHits(reached(iou));
    }

    static NavigableSet<Double> reached(double iou) {
        NavigableSet<Double> hits = new TreeSet<>(THRESHOLDS);
        hits.removeIf(threshold -> !(iou >= threshold));
        return hits;
    }

    private ScoredRow withIou(double value) {
        return new ScoredRow(id, status, parsed, used, value, hits, right, note);
    }

    ScoredRow withHits(NavigableSet<Double> passed) {
        return new ScoredRow(id, status, parsed, used, iou, passed, right, note);
    }

    /** The same row, of which the evaluator could not read the prediction. */
    ScoredRow asUnparsed() {
        return new ScoredRow(id, status, false, used, iou, hits, right, note);
    }

    ScoredRow answered(Boolean correctly) {
        return new ScoredRow(id, status, parsed, used, iou, hits, correctly, note);
    }

    ScoredRow noted(String text) {
        return new ScoredRow(id, status, parsed, used, iou, hits, right, text);
    }

    boolean counts() {
        return status == Status.SCORED;
    }
}
