package org.videotg.benchmarks.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.SharedData;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Interval;

/** IoU and metrics on published files, against the numbers published with them; skipped where the files are missing. */
class PublishedRowsTest {
    @Test
    void timeR1DifficultyIsTheIouOfItsPredictions() {
        JsonNode rows = Json.parse(AtomicFiles.readString(SharedData.file("time-r1/train_2k5.json")), "rows");
        List<Prediction> predictions = new ArrayList<>();
        for (JsonNode row : rows) {
            Interval truth = Json.convert(row.get("timestamp"), Interval.class, "timestamp");
            Interval predicted = Json.convert(row.get("pred"), Interval.class, "pred");
            double iou = ReplyScores.iou(List.of(truth), List.of(predicted));
            assertEquals(
                    row.get("difficulty").asDouble(),
                    100 * iou,
                    1e-10,
                    row.get("qid").asText());
            predictions.add(
                    new Prediction(String.valueOf(predictions.size()), List.of(predicted), "", iou, false, null));
        }
        assertEquals(2500, predictions.size());
        GroundingMetrics metrics = GroundingMetrics.of(predictions);
        assertEquals(34.3656, 100 * metrics.miou(), 5e-5);
        assertEquals(57.28, 100 * metrics.r1At03(), 1e-9);
        assertEquals(21.24, 100 * metrics.r1At05(), 1e-9);
        assertEquals(2.96, 100 * metrics.r1At07(), 1e-9);
    }

    @Test
    void wholeVideoBaselineOnCharades() throws IOException {
        Map<String, Double> durations = new HashMap<>();
        for (String line : Files.readAllLines(SharedData.file("charades-sta/Charades_v1_test.csv"))) {
            String length = line.substring(line.lastIndexOf(',') + 1);
            if (!length.equals("length")) {
                durations.put(line.substring(0, line.indexOf(',')), Double.parseDouble(length));
            }
        }
        List<Prediction> predictions = new ArrayList<>();
        for (String line : Files.readAllLines(SharedData.file("charades-sta/charades_sta_test.txt"))) {
            String[] words = line.substring(0, line.indexOf("##")).split(" ");
            Interval truth = new Interval(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
            Interval whole = new Interval(0, durations.get(words[0]));
            predictions.add(new Prediction(
                    line, List.of(whole), "", ReplyScores.iou(List.of(truth), List.of(whole)), false, null));
        }
        assertEquals(3720, predictions.size());
        GroundingMetrics metrics = GroundingMetrics.of(predictions);
        assertEquals(34.3, 100 * metrics.r1At03(), 0.05);
        assertEquals(0.43, 100 * metrics.r1At05(), 0.005);
        assertEquals(0, metrics.r1At07());
        assertEquals(26.99, 100 * metrics.miou(), 0.005);
    }
}
