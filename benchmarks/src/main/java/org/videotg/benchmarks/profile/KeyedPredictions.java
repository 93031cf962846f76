package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.core.io.InputException;

/** Predictions in one object by the row's name: lmms-eval, TimeLens, TimeChat, NExT-QA and NExT-GQA. */
final class KeyedPredictions {
    private static final String SEPARATOR = ">>>";

    private KeyedPredictions() {}

    /** An entry; null if it is of no known format. */
    static PredictedRow read(String key, JsonNode value, String where) {
        String place = where + ": \"" + key + "\"";
        if (key.contains(SEPARATOR)) {
            return triple(key, value, place);
        }
        if (value.isArray()) {
            return PredictedRow.spans(key, Values.spans(value, place));
        }
        if (value.has("prediction")) {
            return PredictedRow.reply(key, null)
                    .withAnswer(Values.option(value.get("prediction")), Values.option(value.get("answer")));
        }
        return value.has("timestamp") ? PredictedRow.spans(key, Values.spans(value.get("timestamp"), place)) : null;
    }

    /** {@code video>>>query>>>truth}: a reply (lmms-eval), or {@code {"timestamps","answers","duration"}} (TimeLens). */
    private static PredictedRow triple(String key, JsonNode value, String where) {
        int first = key.indexOf(SEPARATOR);
        int last = key.lastIndexOf(SEPARATOR);
        if (first == last) {
            throw new InputException(where + ": a key must be video>>>query>>>truth");
        }
        String video = key.substring(0, first);
        String query = key.substring(first + SEPARATOR.length(), last);
        Span truth = Values.span(key.substring(last + SEPARATOR.length()), where);
        String name = Truth.triple(video, query, truth);
        Truth own = Truth.of(key, video, query, Values.seconds(value, "duration"), List.of(truth));
        PredictedRow row = PredictedRow.reply(name, value.isTextual() ? value.asText() : Values.text(value, "answers"))
                .withTruth(own);
        return value.has("timestamps") ? row.withSpans(Values.spans(value.get("timestamps"), where), "timelens") : row;
    }
}
