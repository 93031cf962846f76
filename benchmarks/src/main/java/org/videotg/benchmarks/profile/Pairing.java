package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;

/**
 * Which prediction belongs to which annotated row.
 *
 * @param pairs one for every annotated row, in the order of the annotations
 * @param unmatched keys of predictions that belong to none
 */
public record Pairing(List<Pair> pairs, List<String> unmatched) {
    public Pairing {
        pairs = List.copyOf(pairs);
        unmatched = List.copyOf(unmatched);
    }

    /**
     * Joins by id, alias or triple. Several files may say parts of one row's prediction (NExT-GQA keeps intervals and answers
     * apart); of two predictions that say the same part the later holds, as in the evaluators' dictionaries.
     *
     * @throws InputException if no prediction belongs to any row
     */
    public static Pairing join(List<Truth> truths, List<PredictedRow> predictions) {
        Map<String, PredictedRow> byKey = new LinkedHashMap<>();
        predictions.forEach(row -> byKey.merge(row.key(), row, PredictedRow::and));
        Map<String, Boolean> used = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        for (Truth truth : truths) {
            PredictedRow found = null;
            for (String name : truth.names()) {
                PredictedRow row = byKey.get(name);
                if (row != null) {
                    found = row;
                    used.put(row.key(), true);
                }
            }
            pairs.add(new Pair(truth, found));
        }
        if (used.isEmpty()) {
            throw new InputException("no prediction belongs to any annotated row: predictions are named like \""
                    + first(byKey.keySet()) + "\", annotations like \""
                    + first(truths.stream().map(Truth::id).toList())
                    + "\"; give the files of the same data set");
        }
        return new Pairing(
                pairs,
                byKey.keySet().stream().filter(key -> !used.containsKey(key)).toList());
    }

    /** Pairs of prediction files that repeat their annotations. */
    public static Pairing own(List<PredictedRow> predictions) {
        return new Pairing(
                predictions.stream().map(row -> new Pair(row.truth(), row)).toList(), List.of());
    }

    /**
     * The baseline that answers [0, duration] to everything.
     *
     * @throws InputException if a duration is unknown
     */
    public static Pairing wholeVideo(List<Truth> truths) {
        return new Pairing(
                truths.stream()
                        .map(truth -> {
                            if (truth.duration() == null) {
                                throw new InputException("video \"" + truth.video()
                                        + "\" has no duration, which whole-video predictions need; "
                                        + "give a second annotation file that says durations");
                            }
                            return new Pair(
                                    truth, PredictedRow.spans(truth.id(), List.of(new Span(0, truth.duration()))));
                        })
                        .toList(),
                List.of());
    }

    private static String first(Iterable<String> names) {
        return names.iterator().hasNext() ? names.iterator().next() : "";
    }
}
