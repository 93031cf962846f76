package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;

/** Reads prediction files in whichever format their content shows. */
public final class PredictionFiles {
    private PredictionFiles() {}

    /**
     * Reads files that are parts of one prediction, or complete each other (intervals in one, answers in the other).
     *
     * @throws InputException if a file is of no known format, holds no row, or a row is broken
     */
    public static List<PredictedRow> read(List<Path> files) {
        List<PredictedRow> predictions = new ArrayList<>();
        for (Path file : files) {
            int before = predictions.size();
            JsonFile json = JsonFile.read(AtomicFiles.readString(file), file.toString());
            List<Jsonl.Row> rows =
                    json.rows() == null ? List.of(new Jsonl.Row(json.object(), file.toString())) : json.rows();
            for (int i = 0; i < rows.size(); i++) {
                add(predictions, rows.get(i), i);
            }
            if (predictions.size() == before) {
                throw new InputException(file + ": holds no prediction");
            }
        }
        return predictions;
    }

    private static void add(List<PredictedRow> predictions, Jsonl.Row row, int index) {
        PredictedRow single = RowPredictions.read(row, index);
        if (single != null) {
            predictions.add(single);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : row.node().properties()) {
            PredictedRow keyed = KeyedPredictions.read(entry.getKey(), entry.getValue(), row.where());
            if (keyed == null) {
                throw new InputException(
                        row.where() + ": not predictions of a known format; known are those of docs/metrics.md");
            }
            predictions.add(keyed);
        }
    }
}
