package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * The metrics of a prediction file by one profile.
 *
 * @param profile its name
 * @param n rows in the evaluator's denominator
 * @param unparsable rows with a prediction that the evaluator could not read
 * @param missing annotated rows without a prediction
 * @param metrics by the evaluator's names, in its order and its rounding; NaN where it gives that
 * @param rows one for every pair that was scored, in their order
 */
public record Score(
        String profile, int n, int unparsable, int missing, Map<String, Double> metrics, List<ScoredRow> rows) {
    public Score {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        rows = List.copyOf(rows);
    }

    static Score of(MetricProfile profile, int n, Map<String, Double> metrics, List<ScoredRow> rows) {
        int unparsable = (int) rows.stream()
                .filter(row -> !row.parsed() && row.status() != ScoredRow.Status.MISSING)
                .count();
        int missing = (int) rows.stream()
                .filter(row -> row.status() == ScoredRow.Status.MISSING)
                .count();
        return new Score(profile.name(), n, unparsable, missing, metrics, rows);
    }

    /** The number of rows that count. */
    static int atLeastOne(MetricProfile profile, int n) {
        if (n == 0) {
            throw new InputException(
                    "profile " + profile.name() + " has no row to score; give predictions for annotated rows");
        }
        return n;
    }

    /** {@code {"profile","n","unparsable","missing","metrics":{name: value}}}; a metric that is no number is null. */
    public ObjectNode toJson() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("profile", profile).put("n", n).put("unparsable", unparsable).put("missing", missing);
        ObjectNode values = node.putObject("metrics");
        metrics.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                values.put(name, value);
            } else {
                values.putNull(name);
            }
        });
        return node;
    }
}
