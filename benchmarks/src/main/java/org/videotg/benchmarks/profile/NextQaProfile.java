package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/**
 * NExT-QA: multiple-choice accuracy over all questions ({@code Acc}) and by their types, of which TP and TN are one;
 * every annotated question needs a prediction. Percent with two decimals. Source: doc-doc/NExT-QA eval_mc.py.
 */
final class NextQaProfile extends MetricProfile {
    private static final Map<String, String> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("CW", "Why");
        TYPES.put("CH", "How");
        TYPES.put("TN", "Bef&Aft");
        TYPES.put("TC", "When");
        TYPES.put("DC", "Cnt");
        TYPES.put("DL", "Loc");
        TYPES.put("DO", "Other");
        TYPES.put("C", "Acc_C");
        TYPES.put("T", "Acc_T");
        TYPES.put("D", "Acc_D");
    }

    NextQaProfile() {
        super(
                "nextqa",
                "multiple-choice accuracy, over all and by type of question (TP counts as TN); percent, two decimals");
    }

    /** Questions and right answers of a type. */
    private record Count(int asked, int right) {
        Count plus(Count other) {
            return new Count(asked + other.asked, right + other.right);
        }

        double percent() {
            return Arithmetic.fixed(right * 100.0 / asked, 2);
        }
    }

    @Override
    Score score(List<Pair> pairs) {
        ProfileRows.identicalSets(this, pairs);
        int n = Score.atLeastOne(this, pairs.size());
        List<ScoredRow> rows = pairs.stream().map(NextQaProfile::row).toList();
        Map<String, Count> counts = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            Count one = new Count(1, rows.get(i).right() ? 1 : 0);
            counts.merge("", one, Count::plus);
            String type = type(pairs.get(i));
            if (type != null) {
                String known = type.equals("TP") ? "TN" : type;
                counts.merge(known, one, Count::plus);
                counts.merge(known.substring(0, 1), one, Count::plus);
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        TYPES.forEach((type, name) -> {
            if (counts.containsKey(type)) {
                metrics.put(name, counts.get(type).percent());
            }
        });
        metrics.put("Acc", counts.get("").percent());
        return Score.of(this, n, metrics, rows);
    }

    private static ScoredRow row(Pair pair) {
        Boolean right = ProfileRows.right(pair);
        String type = type(pair);
        if (right == null) {
            throw new InputException("row \"" + pair.id()
                    + "\": profile nextqa compares a chosen option with the right one, and "
                    + (pair.prediction().choice().answer() == null ? "the prediction" : "the annotation")
                    + " has none");
        }
        if (type != null && !type.equals("TP") && !TYPES.containsKey(type)) {
            throw new InputException("row \"" + pair.id() + "\": unknown type of question \"" + type + "\"; known: "
                    + String.join(", ", TYPES.keySet()));
        }
        return ScoredRow.scored(pair, List.of(), 0).answered(right);
    }

    /** The type of the question; null if the annotation has none. */
    private static String type(Pair pair) {
        JsonNode type = pair.annotation().fields().get("type");
        return type == null || type.isNull() ? null : type.asText();
    }
}
