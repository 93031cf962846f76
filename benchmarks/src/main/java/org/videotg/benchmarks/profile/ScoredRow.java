package org.videotg.benchmarks.profile;

import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import org.videotg.benchmarks.profile.Pairing.Pair;

/**
 * What a profile made of one row.
 *
 * @param id of the annotated row
 * @param status whether the row is in the denominator, and if not, why
 * @param parsed whether the evaluator could read the prediction
 * @param right whether the chosen option is right; null without a question
 * @param note what the evaluator does with this row that others don't, or null
 */
public record ScoredRow(String id, Status status, boolean parsed, Match match, Boolean right, String note) {
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

    /**
     * The comparison of prediction and annotation.
     *
     * @param used the spans that were compared, as the evaluator changed them
     * @param iou at rank 1; may be NaN
     * @param hits thresholds of 0.3, 0.5 and 0.7 that the row passes
     */
    public record Match(List<Span> used, double iou, NavigableSet<Double> hits) {
        public Match {
            used = List.copyOf(used);
            hits = Collections.unmodifiableNavigableSet(new TreeSet<>(hits));
        }

        /** A comparison in which the IoU passes the thresholds that fulfil a condition. */
        static Match of(List<Span> used, double iou, DoublePredicate passes) {
            return new Match(
                    used, iou, THRESHOLDS.stream().filter(passes::test).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    public ScoredRow {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(match, "match");
    }

    private static ScoredRow without(Pair pair, Status status, boolean parsed, List<Span> used) {
        return new ScoredRow(pair.id(), status, parsed, Match.of(used, 0, threshold -> false), null, null);
    }

    static ScoredRow missing(Pair pair) {
        return without(pair, Status.MISSING, false, List.of());
    }

    static ScoredRow repeated(Pair pair) {
        return without(pair, Status.REPEATED, true, List.of());
    }

    static ScoredRow unparsed(Pair pair) {
        return without(pair, Status.SCORED, false, List.of());
    }

    static ScoredRow leftOut(Pair pair, List<Span> used) {
        return without(pair, Status.LEFT_OUT, !used.isEmpty(), used);
    }

    /** A row that passes the thresholds its IoU reaches. */
    static ScoredRow scored(Pair pair, List<Span> used, double iou) {
        return scored(pair, Match.of(used, iou, threshold -> iou >= threshold));
    }

    static ScoredRow scored(Pair pair, Match match) {
        return new ScoredRow(pair.id(), Status.SCORED, true, match, null, null);
    }

    /** The same row, of which the evaluator could not read the prediction. */
    ScoredRow asUnparsed() {
        return new ScoredRow(id, status, false, match, right, note);
    }

    ScoredRow answered(Boolean correctly) {
        return new ScoredRow(id, status, parsed, match, correctly, note);
    }

    ScoredRow noted(String text) {
        return new ScoredRow(id, status, parsed, match, right, text);
    }

    boolean counts() {
        return status == Status.SCORED;
    }

    double iou() {
        return match.iou();
    }
}
