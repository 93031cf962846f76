package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.NumberPairs;

/** What several profiles take from pairs and rows. */
final class ProfileRows {
    private ProfileRows() {}

    /**
     * Spans by the profile's own parser where there is a reply, else as the prediction file states them. Spans that the
     * evaluator's own inference wrote are taken as they are.
     */
    static List<Span> spans(MetricProfile profile, PredictedRow row, Function<String, List<NumberPairs.Pair>> parser) {
        boolean keep = row.isFinalFor(profile.name()) || row.reply() == null;
        return keep ? row.spans() == null ? List.of() : row.spans() : spans(parser.apply(row.reply()));
    }

    /** Pairs of a reply as spans. */
    static List<Span> spans(List<NumberPairs.Pair> pairs) {
        return pairs.stream().map(pair -> new Span(pair.start(), pair.end())).toList();
    }

    /** Spans as the prediction file states them, for evaluators that read no replies. */
    static List<Span> spans(MetricProfile profile, Pair pair) {
        PredictedRow row = pair.prediction();
        if (row.spans() == null) {
            throw new InputException("row \"" + pair.id() + "\": profile " + profile.name()
                    + " reads intervals, and the predictions hold none; give their intervals, or choose a profile that parses "
                    + "replies");
        }
        return row.spans();
    }

    /** The annotated spans, at least one; evaluators of one interval take the first. */
    static List<Span> truths(MetricProfile profile, Pair pair) {
        if (pair.truths().isEmpty()) {
            throw new InputException("row \"" + pair.id() + "\" has no annotated interval, and profile "
                    + profile.name() + " needs one; leave the row out");
        }
        return pair.truths();
    }

    /**
     * Whether the chosen option is the right one: that of the prediction file if it repeats it, else the annotation's.
     * Null if nothing was chosen or the right option is unknown.
     */
    static Boolean right(Pair pair) {
        PredictedRow.Choice choice = pair.prediction().choice();
        String right = choice.right() == null ? pair.annotation().answer() : choice.right();
        String chosen = choice.answer();
        return (right == null || chosen == null) ? null : Boolean.valueOf(right.equals(chosen));
    }

    /**
     * The rows that a dictionary by this key keeps: of rows with the same key the last, at the first one's place. Rows
     * without a prediction are in no dictionary.
     */
    static List<Integer> last(List<Pair> pairs, Function<Annotation, String> key) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).prediction() != null) {
                rows.put(key.apply(pairs.get(i).annotation()), i);
            }
        }
        return List.copyOf(rows.values());
    }

    /** Scores the rows that a dictionary keeps; the others are missing or repeated. */
    static List<ScoredRow> rows(List<Pair> pairs, List<Integer> kept, Function<Pair, ScoredRow> one) {
        List<ScoredRow> rows = new ArrayList<>();
        pairs.forEach(pair -> rows.add(pair.prediction() == null ? ScoredRow.missing(pair) : ScoredRow.repeated(pair)));
        kept.forEach(i -> rows.set(i, one.apply(pairs.get(i))));
        return rows;
    }

    /** The IoUs of kept rows in the order in which the evaluator adds them. */
    static List<Double> ious(List<ScoredRow> rows, List<Integer> kept) {
        return kept.stream()
                .map(rows::get)
                .filter(ScoredRow::counts)
                .map(ScoredRow::iou)
                .toList();
    }

    static long hits(List<ScoredRow> rows, double threshold) {
        return rows.stream()
                .filter(row -> row.counts() && row.match().hits().contains(threshold))
                .count();
    }

    /** The identical sets of queries that some evaluators insist on. */
    static void identicalSets(MetricProfile profile, List<Pair> pairs) {
        List<String> missing = pairs.stream()
                .filter(pair -> pair.prediction() == null)
                .map(pair -> pair.id())
                .toList();
        if (!missing.isEmpty()) {
            throw new InputException("profile " + profile.name() + " needs a prediction for every annotated row: "
                    + missing.size()
                    + " of " + pairs.size() + " have none, the first is \"" + missing.get(0) + "\"");
        }
    }
}
