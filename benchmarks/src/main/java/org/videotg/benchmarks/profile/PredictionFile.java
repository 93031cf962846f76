package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.annotation.FileRow;
import org.videotg.benchmarks.annotation.FileRow.Problem;
import org.videotg.benchmarks.annotation.FileRows;
import org.videotg.core.io.InputException;

/** Reads prediction files of this project and of others, in the format that each row shows. */
public final class PredictionFile {
    private PredictionFile() {}

    /**
     * Reads files that are parts of one prediction, or complete each other (intervals in one, answers in the other).
     *
     * @throws InputException if a file is of no known format, holds no row, or a row is broken
     */
    public static List<PredictedRow> read(List<Path> files) {
        List<PredictedRow> predictions = new ArrayList<>();
        for (Path file : files) {
            FileRows rows = FileRows.read(file);
            if (!rows.bad().isEmpty()) {
                throw new InputException(rows.bad().get(0).toString());
            }
            int before = predictions.size();
            for (FileRow row : rows.rows()) {
                try {
                    add(predictions, row, predictions.size() - before);
                } catch (Problem | IllegalArgumentException e) {
                    throw new InputException(row.where() + ": " + e.getMessage(), e);
                }
            }
            if (predictions.size() == before) {
                throw new InputException(file + ": holds no prediction");
            }
        }
        return predictions;
    }

    private static void add(List<PredictedRow> predictions, FileRow row, int index) {
        if (row.node() == null) {
            throw PredictionFormats.unknown();
        }
        if (row.key() != null) {
            predictions.add(PredictionFormats.keyed(row.key(), row.node()));
            return;
        }
        PredictedRow single = PredictionFormats.single(row.node(), index);
        if (single != null) {
            predictions.add(single);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : row.node().properties()) {
            try {
                predictions.add(PredictionFormats.keyed(entry.getKey(), entry.getValue()));
            } catch (Problem | IllegalArgumentException e) {
                throw new Problem("\"" + entry.getKey() + "\": " + e.getMessage());
            }
        }
    }
}
