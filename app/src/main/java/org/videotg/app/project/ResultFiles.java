package org.videotg.app.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.Comparison;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/**
 * The results of a project in two small files: {@code results.jsonl}, a row for each arm, data set, seed and base, and
 * {@code scores.jsonl.gz}, the IoU of every test sample in the same order, rounded to four decimals, and of a question
 * whether it was answered.
 */
final class ResultFiles {
    private static final double DECIMALS = 1e4;

    private ResultFiles() {}

    private record Row(
            String data,
            long seed,
            String base,
            String arm,
            String title,
            Arm.Role role,
            int samples,
            Arm.Compute compute,
            GroundingMetrics metrics,
            @JsonInclude(JsonInclude.Include.NON_NULL) AnswerMetrics answers,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<JsonNode> scores) {}

    /**
     * The scores of an arm, one for each test sample.
     *
     * @param right 1 for a question with the right option, 0 for another one, null for a sample that is no question;
     *     empty if there are no questions
     * @param grounded likewise, 1 if the option is right and the predicted time lies in the annotation by half or more
     */
    private record Scores(
            String data,
            long seed,
            String base,
            String arm,
            List<String> ids,
            List<Double> ious,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> right,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> grounded) {
        static Scores of(Comparison.Cell cell, Arm arm) {
            return new Scores(
                    cell.data(),
                    cell.seed(),
                    cell.base(),
                    arm.name(),
                    arm.predictions().stream().map(Prediction::id).toList(),
                    arm.predictions().stream()
                            .map(prediction -> Math.round(prediction.iou() * DECIMALS) / DECIMALS)
                            .toList(),
                    questions(arm, AnswerMetrics::right),
                    questions(arm, AnswerMetrics::grounded));
        }

        private static List<Integer> questions(Arm arm, ToDoubleFunction<Prediction> score) {
            return arm.answers().isEmpty()
                    ? List.of()
                    : arm.predictions().stream()
                            .map(prediction -> prediction.answer() == null
                                    ? null
                                    : (Integer) (int) score.applyAsDouble(prediction))
                            .collect(Collectors.toList());
        }
    }

    /**
     * The results of one cell.
     *
     * @param scores of its arms by other evaluators, by the name of the arm
     */
    record CellResults(Comparison.Cell cell, Map<String, List<JsonNode>> scores) {}

    static void write(Path out, List<CellResults> cells) {
        List<Row> rows = new ArrayList<>();
        for (CellResults results : cells) {
            Comparison.Cell cell = results.cell();
            for (Arm arm : cell.arms()) {
                rows.add(new Row(
                        cell.data(),
                        cell.seed(),
                        cell.base(),
                        arm.name(),
                        arm.title(),
                        arm.role(),
                        arm.samples().orElse(0),
                        arm.compute().orElse(Arm.Compute.NONE),
                        arm.metrics().orElseThrow(),
                        arm.answers().orElse(null),
                        results.scores().getOrDefault(arm.name(), List.of())));
            }
        }
        Jsonl.write(out.resolve("results.jsonl"), rows);
        AtomicFiles.write(out.resolve("scores.jsonl.gz"), temporary -> {
            try (var compressed = new GZIPOutputStream(Files.newOutputStream(temporary))) {
                for (CellResults results : cells) {
                    for (Arm arm : results.cell().arms()) {
                        String line = Json.line(Scores.of(results.cell(), arm)) + "\n";
                        compressed.write(line.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        });
    }
}
