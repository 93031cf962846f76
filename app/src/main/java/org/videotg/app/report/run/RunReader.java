package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.videotg.app.report.run.ReportedSamples.Located;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Verdicts;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.SelectionReport;

/**
 * Reads a run folder: the whole method's ({@code arms.json}, {@code world/}, {@code agents/}, {@code selected.jsonl}, ...), that
 * of a single training run ({@code metrics.jsonl} at its root) or of an evaluation ({@code predictions.jsonl}).
 */
public final class RunReader {
    private final Path folder;
    private final List<String> notes = new ArrayList<>();

    private RunReader(Path folder) {
        this.folder = folder;
    }

    /**
     * @throws InputException if there is no such folder, or it holds nothing of a run
     */
    public static RunParts read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is not a folder; give the folder that a run has written");
        }
        RunParts parts = new RunReader(folder.toAbsolutePath().normalize()).parts();
        if (parts.isEmpty()) {
            throw new InputException(
                    folder + " holds nothing of a run (no manifest.json, metrics.jsonl, predictions.jsonl or "
                            + "arms.json); give the folder that a run has written");
        }
        return parts;
    }

    private RunParts parts() {
        Optional<JsonNode> manifest = part(RunManifest.FILE, Json::read);
        List<Arm> arms = arms();
        List<Located> test = part("world/test.jsonl", ReportedSamples::read).orElseGet(() -> ofManifests(manifest));
        return new RunParts(
                folder.getFileName() == null
                        ? folder.toString()
                        : folder.getFileName().toString(),
                manifest,
                part("world/train.jsonl", ReportedSamples::read).orElse(List.of()),
                test,
                part("world/truth.jsonl", ReportedSamples::truth).orElse(Map.of()),
                part("agents/reflections.jsonl", file -> Verdicts.read(file, ReflectionVerdict.class))
                        .orElse(Map.of()),
                part("agents/difficulty.jsonl", file -> Verdicts.read(file, DifficultyVerdict.class))
                        .orElse(Map.of()),
                samples("selected.jsonl"),
                part("selection.json", file -> Json.read(file, SelectionReport.class)),
                samples("random.jsonl"),
                arms,
                List.copyOf(notes));
    }

    private List<Sample> samples(String name) {
        return part(name, Samples::read).orElse(List.of());
    }

    /** Samples of an evaluation outside a whole run, found by the data files its manifest names. */
    private List<Located> ofManifests(Optional<JsonNode> manifest) {
        List<String> files = new ArrayList<>();
        manifest.ifPresent(node -> node.path("data").fieldNames().forEachRemaining(files::add));
        part("eval/" + RunManifest.FILE, Json::read)
                .ifPresent(node -> node.path("data").fieldNames().forEachRemaining(files::add));
        return guarded(() -> ReportedSamples.named(files)).orElse(List.of());
    }

    private List<Arm> arms() {
        Optional<JsonNode> listed = part("arms.json", Json::read);
        if (listed.isPresent() && listed.get().isArray()) {
            List<Arm> arms = new ArrayList<>();
            listed.get().forEach(row -> arms.add(arm(row, row.path("name").asText("arm " + (arms.size() + 1)))));
            return List.copyOf(arms);
        }
        if (listed.isPresent()) {
            notes.add(
                    folder.resolve("arms.json") + " must be a list of arms; the folders below arms are shown instead");
        }
        JsonNode unsaid = Json.MAPPER.createObjectNode();
        if (Files.isDirectory(folder.resolve("arms"))) {
            return subfolders("arms").stream().map(name -> arm(unsaid, name)).toList();
        }
        String name =
                folder.getFileName() == null ? "run" : folder.getFileName().toString();
        Arm own = arm(unsaid, name, "");
        return own.isEmpty() ? List.of() : List.of(own);
    }

    private List<String> subfolders(String name) {
        try (Stream<Path> found = Files.list(folder.resolve(name))) {
            return found.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            notes.add(folder.resolve(name) + " can't be listed: " + e.getClass().getSimpleName());
            return List.of();
        }
    }

    private Arm arm(JsonNode row, String name) {
        return arm(row, name, row.path("folder").asText("arms/" + name) + "/");
    }

    /** @param at the arm's folder with a slash, relative to the run's or absolute; empty for the run's own */
    private Arm arm(JsonNode row, String name, String at) {
        JsonNode counted = row.path("samples");
        String eval = Files.exists(folder.resolve(at + "eval")) ? at + "eval/" : at;
        Optional<ArmCost> compute = row.path("compute").isObject()
                ? Optional.of(ArmCost.of(row.path("compute")))
                : part(at + "compute.json", file -> ArmCost.of(Json.read(file)));
        return new Arm(
                name,
                row.path("title").asText(name),
                counted.isInt() ? Optional.of(counted.asInt()) : Optional.empty(),
                compute,
                part(at + "metrics.jsonl", TrainingMetrics::read).orElse(TrainingMetrics.NONE),
                part(eval + "predictions.jsonl", Prediction::read).orElse(List.of()),
                part(eval + "metrics.json", file -> Json.read(file, GroundingMetrics.class)),
                part(eval + "metrics.json", Json::read),
                part(at + "recipe.yaml", AtomicFiles::readString),
                at.isEmpty() ? Optional.empty() : part(at + RunManifest.FILE, AtomicFiles::readString));
    }

    /** A part of the folder; empty if it is missing, or, with a note, if it can't be read. */
    private <T> Optional<T> part(String name, Function<Path, T> reader) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? guarded(() -> reader.apply(file)) : Optional.empty();
    }

    private <T> Optional<T> guarded(java.util.function.Supplier<T> reader) {
        try {
            return Optional.ofNullable(reader.get());
        } catch (InputException e) {
            notes.add(e.getMessage());
            return Optional.empty();
        }
    }
}
