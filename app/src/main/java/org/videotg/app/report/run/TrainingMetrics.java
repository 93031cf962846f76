package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Jsonl;

/**
 * The rows of a {@code metrics.jsonl}, one per step. A last line without a line end is still being written and is left
 * out.
 */
public record TrainingMetrics(List<JsonNode> rows) {
    public static final TrainingMetrics NONE = new TrainingMetrics(List.of());

    public TrainingMetrics {
        rows = List.copyOf(rows);
    }

    /** The values of two figures in all rows that have both. */
    public record Points(double[] x, double[] y) {
        public boolean isEmpty() {
            return x.length == 0;
        }

        /** Returns the mean of y over the last tenth of the points. */
        public double end() {
            int from = y.length - Math.max(1, y.length / 10);
            return Arrays.stream(y, from, y.length).average().orElse(0);
        }

        /** Returns the mean of y over the first tenth of the points. */
        public double start() {
            return Arrays.stream(y, 0, Math.max(1, y.length / 10)).average().orElse(0);
        }
    }

    /**
     * Reads the rows.
     *
     * @throws org.videotg.core.io.InputException naming the first row that can't be read or is damaged
     */
    static TrainingMetrics read(Path file) {
        String text = AtomicFiles.readString(file);
        List<JsonNode> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            number++;
            if (!line.isBlank()) {
                rows.add(Jsonl.parse(line, file + ":" + number).node());
            }
        }
        return new TrainingMetrics(rows);
    }

    public Points points(String x, String y) {
        List<JsonNode> both = rows.stream()
                .filter(row -> finite(row.path(x)) && finite(row.path(y)))
                .toList();
        return new Points(
                both.stream().mapToDouble(row -> row.path(x).asDouble()).toArray(),
                both.stream().mapToDouble(row -> row.path(y).asDouble()).toArray());
    }

    private static boolean finite(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.asDouble());
    }
}
