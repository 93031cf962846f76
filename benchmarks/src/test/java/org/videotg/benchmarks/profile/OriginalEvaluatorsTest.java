package org.videotg.benchmarks.profile;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.Json;

/**
 * Adversarial rows in each project's own file format, against what its original evaluator says of every row alone and
 * of all together (bench/reference/golden_profiles.py).
 */
class OriginalEvaluatorsTest {
    private static final Path ROWS = Path.of("src/test/resources/golden/profiles");
    /** Evaluators of the rows of moment-detr. */
    private static final Set<String> COPIES_OF_MOMENT_DETR = Set.of("cg-detr", "videomind-qvhighlights");

    private static final double LAST_DIGIT = 1e-12;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timer1",
                "timezero",
                "videochat-r1",
                "videochat-r1-gqa",
                "timelens",
                "lmms-eval-charades",
                "lmms-eval-timelens",
                "videomind",
                "nextgqa",
                "nextgqa-fractions",
                "rextime",
                "moment-detr",
                "cg-detr",
                "videomind-qvhighlights",
                "timechat"
            })
    void everyRowScoresAsByTheOriginal(String folder) throws IOException {
        Path files = ROWS.resolve(COPIES_OF_MOMENT_DETR.contains(folder) ? "moment-detr" : folder);
        JsonNode expected = Json.read(ROWS.resolve(folder).resolve("expected.json"));
        List<Pair> pairs = pairs(files);
        boolean grounds = folder.startsWith("nextgqa");
        List<Pair> predicted = pairs.stream()
                .filter(pair -> pair.prediction() != null)
                .filter(pair -> !grounds || pair.prediction().spans() != null)
                .toList();
        assertEquals(expected.get("rows").size(), predicted.size());
        assertTrue(predicted.size() >= 20, folder);
        String name = folder.replaceFirst("-(gqa|fractions)$", "");
        MetricProfile profile =
                MetricProfile.named(name, new MetricProfile.Settings(0.1, folder.endsWith("fractions"), false));
        List<Pair> anchors = predicted.subList(0, expected.get("anchors").asInt());
        List<Integer> scored = IntStream.range(0, predicted.size())
                .filter(i -> !expected.get("rows").get(i).has("raises"))
                .boxed()
                .toList();
        assertAll(scored.stream().map(i -> () -> {
            List<Pair> row = new ArrayList<>(anchors);
            if (i >= anchors.size()) {
                row.add(predicted.get(i));
            }
            same(expected.get("rows").get(i), profile.score(row), folder + " row " + i);
        }));
        List<Pair> together = expected.get("stops").asBoolean()
                ? scored.stream().map(predicted::get).toList()
                : pairs;
        same(expected.get("all"), profile.score(together), folder);
    }

    private static List<Pair> pairs(Path folder) throws IOException {
        List<PredictedRow> predictions = PredictionFile.read(starting(folder, "predictions"));
        List<Path> annotations = new ArrayList<>(starting(folder, "annotations"));
        annotations.addAll(starting(folder, "questions"));
        return annotations.isEmpty()
                ? Pairing.repeated(predictions).pairs()
                : Pairing.join(AnnotationFile.readAll(annotations), predictions).pairs();
    }

    private static List<Path> starting(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .sorted()
                    .toList();
        }
    }

    private static void same(JsonNode expected, Score score, String where) {
        TreeSet<String> names = new TreeSet<>();
        expected.fieldNames().forEachRemaining(names::add);
        assertEquals(names, new TreeSet<>(score.metrics().keySet()), where);
        expected.properties()
                .forEach(metric -> assertEquals(
                        metric.getValue().isNull()
                                ? Double.NaN
                                : metric.getValue().asDouble(),
                        score.metrics().get(metric.getKey()),
                        LAST_DIGIT,
                        where + ": " + metric.getKey()));
    }
}
