package org.videotg.app.inference;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.Sha256;
import org.videotg.core.mllm.Backend;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Part;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** Joins evaluations, each of a {@link Part} of the samples, into the folder that one process makes. */
public final class EvaluationParts {
    private EvaluationParts() {}

    /**
     * Writes predictions and costs in the order of the data, the metrics over all of them, and a manifest that names the
     * parts.
     *
     * @param out not written if anything is wrong
     * @throws InputException naming what is missing, there twice or foreign to the data, or in what parts differ
     */
    public static EvaluationMetrics merge(Path dataFile, List<Path> parts, Path out, List<String> command) {
        List<Sample> samples = Samples.read(dataFile);
        String fingerprint = Sha256.of(dataFile);
        RunManifest first = manifest(parts.get(0));
        Map<String, Jsonl.Row> predictions = new HashMap<>();
        Map<String, Jsonl.Row> costs = new HashMap<>();
        List<Part.Done> done = new ArrayList<>();
        Map<String, String> divided = new LinkedHashMap<>();
        for (Path part : parts) {
            RunManifest manifest = manifest(part);
            Evaluation.difference(first, manifest).ifPresent(what -> {
                throw new InputException(part + " holds an evaluation with another " + what + " than " + parts.get(0)
                        + "; make all parts with the same " + what);
            });
            if (!manifest.data().containsValue(fingerprint)) {
                throw new InputException(
                        part + " was not made on " + dataFile + " as it is; give the data file of the parts");
            }
            divided.put(part.toString(), manifest.notes().getOrDefault(Evaluation.PART, Part.WHOLE.toString()));
            predictions.putAll(byId(part.resolve(Evaluation.PREDICTIONS)));
            Map<String, Jsonl.Row> asked = byId(part.resolve(Evaluation.COSTS));
            done.add(new Part.Done(part, List.copyOf(asked.keySet())));
            costs.putAll(asked);
        }
        Part.requireEachOnce(dataFile, samples, done);
        List<Jsonl.Row> predicted = inOrder(samples, predictions);
        List<Jsonl.Row> costed = inOrder(samples, costs);
        EvaluationMetrics part = EvaluationMetrics.read(parts.get(0));
        EvaluationMetrics metrics = EvaluationMetrics.of(
                predicted.stream()
                        .map(row -> Json.convert(row.node(), Prediction.class, row.where()))
                        .toList(),
                costed,
                new EvaluationMetrics.About(
                        part.prompt(),
                        new Backend.Sampling(part.fps(), part.pixelBudget()),
                        part.model(),
                        new EvaluationMetrics.Data(dataFile.toString(), fingerprint),
                        part.note()));
        RunManifest merged = RunManifest.start(command, Instant.now())
                .withModel(first.model(), first.prompt(), first.fps(), first.pixelBudget())
                .withData(List.of(dataFile))
                .withNote("maxTokens", first.notes().get("maxTokens"))
                .withNote(
                        "merged",
                        divided.entrySet().stream()
                                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                .collect(Collectors.joining(", ")));
        AtomicFiles.writeOpenFolder(out, folder -> {
            JsonlLog.write(folder.resolve(Evaluation.PREDICTIONS), nodes(predicted));
            JsonlLog.write(folder.resolve(Evaluation.COSTS), nodes(costed));
            metrics.write(folder);
            merged.write(folder);
        });
        return metrics;
    }

    private static RunManifest manifest(Path part) {
        for (String name : List.of(RunManifest.FILE, EvaluationMetrics.FILE)) {
            if (Files.notExists(part.resolve(name))) {
                throw new InputException(
                        part + " holds no " + name
                                + ": it is no evaluation, or one that has not ended; run its command to the end and merge again");
            }
        }
        return RunManifest.read(part);
    }

    private static Map<String, Jsonl.Row> byId(Path file) {
        Map<String, Jsonl.Row> rows = new LinkedHashMap<>();
        Jsonl.read(file).forEach(row -> rows.put(row.node().path("id").asText(), row));
        return rows;
    }

    private static List<Jsonl.Row> inOrder(List<Sample> samples, Map<String, Jsonl.Row> rows) {
        return samples.stream()
                .map(sample -> rows.get(sample.id()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<JsonNode> nodes(List<Jsonl.Row> rows) {
        return rows.stream().map(Jsonl.Row::node).toList();
    }
}
