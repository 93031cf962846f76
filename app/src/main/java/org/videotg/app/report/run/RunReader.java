package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.videotg.app.report.run.RunParts.Located;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.PlantedTruth;
import org.videotg.method.selection.Selection;

/**
 * Reads a run folder: the whole method's ({@code arms.json}, {@code world/}, {@code agents/}, {@code selected.jsonl},
 * ...), that of a single training run ({@code metrics.jsonl} at its root) or of an evaluation
 * ({@code predictions.jsonl}).
 */
public final class RunReader {
    private final Path folder;
    private final List<String> notes = new ArrayList<>();

    private RunReader(Path folder) {
        this.folder = folder;
    }

    /** Reads a run with the verdicts in its folder. */
    public static RunParts read(Path folder) {
        return read(folder, Optional.empty(), Optional.empty());
    }

    /**
     * Reads a run.
     *
     * @param reflections file of verdicts; default: {@code reflections.jsonl} in {@code agents/} or in the run's
     *     folder, or beside the data that its manifest names
     * @param difficulty file of verdicts; default: {@code difficulty.jsonl} likewise
     * @throws InputException if there is no such folder, it holds nothing of a run, or a given file can't be read
     */
    public static RunParts read(Path folder, Optional<Path> reflections, Optional<Path> difficulty) {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is not a folder; give the folder of a run");
        }
        RunParts parts = new RunReader(folder.toAbsolutePath().normalize()).parts(reflections, difficulty);
        if (parts.isEmpty()) {
            throw new InputException(folder + " is not the folder of a run: it has no manifest.json, metrics.jsonl, "
                    + "predictions.jsonl or arms.json");
        }
        return parts;
    }

    private RunParts parts(Optional<Path> reflections, Optional<Path> difficulty) {
        Optional<JsonNode> manifest = part(RunManifest.FILE, Json::read);
        List<Arm> arms = arms();
        List<String> data = dataFiles(manifest);
        List<String> testData = new ArrayList<>(data);
        testData.addAll(dataFiles(part("eval/" + RunManifest.FILE, Json::read)));
        String selected = "selections/"
                + arms.stream()
                        .filter(arm -> arm.role() == Arm.Role.METHOD)
                        .flatMap(arm -> arm.data().stream())
                        .findFirst()
                        .orElse("selected");
        return new RunParts(
                name("run"),
                manifest,
                part(world("train.jsonl"), RunReader::samples).orElseGet(() -> samples(data)),
                part(world("test.jsonl"), RunReader::samples).orElseGet(() -> samples(testData)),
                part(world("truth.jsonl"), PlantedTruth::read)
                        .map(PlantedTruth::intervals)
                        .orElse(Map.of()),
                verdicts(
                        reflections,
                        "reflections.jsonl",
                        file -> AgentRun.readSome(file, ReflectionVerdict.class, "reflect")),
                verdicts(
                        difficulty,
                        "difficulty.jsonl",
                        file -> AgentRun.readSome(file, DifficultyVerdict.class, "difficulty")),
                part(first(selected + ".jsonl", "selected.jsonl"), Samples::read)
                        .orElseGet(() -> trainedOn(data)),
                part(first(selected + ".json", "selection.json"), file -> Json.read(file, Selection.Report.class)),
                part(first("selections/random.jsonl", "random.jsonl"), Samples::read)
                        .orElse(List.of()),
                arms,
                List.copyOf(notes));
    }

    private String world(String name) {
        return RunFiles.of(folder)
                .world(name)
                .map(file -> folder.relativize(file).toString())
                .orElse("world/" + name);
    }

    /** Returns the first of two files that exists; the first if none does. */
    private String first(String name, String other) {
        return !Files.exists(folder.resolve(name)) && Files.exists(folder.resolve(other)) ? other : name;
    }

    private String name(String unnamed) {
        return folder.getFileName() == null ? unnamed : folder.getFileName().toString();
    }

    private <T extends Verdict> Map<String, T> verdicts(
            Optional<Path> given, String name, Function<Path, Map<String, T>> reader) {
        return given.map(reader)
                .or(() -> RunFiles.of(folder).verdicts(name).flatMap(file -> guarded(() -> reader.apply(file))))
                .orElse(Map.of());
    }

    private static List<Located> samples(Path file) {
        return Samples.read(file).stream()
                .map(sample -> new Located(sample, Samples.video(file, sample)))
                .toList();
    }

    /** Samples of those files that are still where the manifest says. */
    private List<Located> samples(List<String> files) {
        Map<String, Located> found = new LinkedHashMap<>();
        for (String file : files) {
            if (file.endsWith(".jsonl") && Files.isRegularFile(Path.of(file))) {
                guarded(() -> samples(Path.of(file)))
                        .orElse(List.of())
                        .forEach(located -> found.putIfAbsent(located.sample().id(), located));
            }
        }
        return List.copyOf(found.values());
    }

    /** The samples of a single training run, which are those that its manifest names. */
    private List<Sample> trainedOn(List<String> data) {
        return Files.exists(folder.resolve("metrics.jsonl"))
                ? samples(data).stream().map(Located::sample).toList()
                : List.of();
    }

    /** The data files that a manifest names. */
    private static List<String> dataFiles(Optional<JsonNode> manifest) {
        List<String> files = new ArrayList<>();
        manifest.ifPresent(node -> node.path("data").fieldNames().forEachRemaining(files::add));
        return files;
    }

    private List<Arm> arms() {
        Optional<JsonNode> listed =
                part("arms.json", file -> Json.parse(AtomicFiles.readString(file), file.toString()));
        if (listed.isPresent() && listed.get().isArray()) {
            List<Arm> arms = new ArrayList<>();
            listed.get().forEach(row -> arms.add(arm(row, row.path("name").asText("arm " + (arms.size() + 1)))));
            return List.copyOf(arms);
        }
        if (listed.isPresent()) {
            notes.add(
                    folder.resolve("arms.json") + " must be a list of arms; the folders below arms are shown instead");
        }
        JsonNode nothing = Json.MAPPER.createObjectNode();
        if (Files.isDirectory(folder.resolve("arms"))) {
            return folders("arms").stream().map(name -> arm(nothing, name)).toList();
        }
        Arm only = arm(nothing, name("run"), "");
        return only.isEmpty() ? List.of() : List.of(only);
    }

    private List<String> folders(String parent) {
        if (!Files.isDirectory(folder.resolve(parent))) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder.resolve(parent))) {
            return found.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            notes.add(
                    folder.resolve(parent) + " can't be listed: " + e.getClass().getSimpleName());
            return List.of();
        }
    }

    private Arm arm(JsonNode row, String name) {
        return arm(row, name, row.path("folder").asText("arms/" + name) + "/");
    }

    /** @param at the arm's folder with a slash, relative to the run's or absolute; empty for the run's folder */
    private Arm arm(JsonNode row, String name, String at) {
        JsonNode samples = row.path("samples");
        String eval = Files.exists(folder.resolve(at + "eval")) ? at + "eval/" : at;
        Optional<JsonNode> written = part(at + "compute.json", Json::read);
        Optional<Arm.Compute> compute = row.path("compute").isObject()
                ? Optional.of(Arm.Compute.of(row.path("compute")))
                : written.map(Arm.Compute::of);
        TrainingMetrics training = training(at, written);
        List<Prediction> predictions =
                part(eval + "predictions.jsonl", Prediction::read).orElse(List.of());
        List<Arm.CurvePoint> curve = curve(at + "curve", training, compute.orElse(Arm.Compute.NONE), predictions);
        return new Arm(
                name,
                row.path("title").asText(name),
                Arm.Role.of(row.path("role").asText(""), name),
                row.hasNonNull("data") ? Optional.of(row.path("data").asText()) : Optional.empty(),
                samples.isInt() ? Optional.of(samples.asInt()) : Optional.empty(),
                compute,
                training,
                curve,
                predictions,
                part(eval + "metrics.json", file -> Json.read(file, GroundingMetrics.class)),
                part(eval + "metrics.json", Json::read),
                part(at + "recipe.yaml", AtomicFiles::readString),
                at.isEmpty() ? Optional.empty() : part(at + RunManifest.FILE, AtomicFiles::readString));
    }

    /**
     * The rows of a training, with a note if some are missing.
     *
     * @param compute that the training has written at its end
     */
    private TrainingMetrics training(String at, Optional<JsonNode> compute) {
        Optional<TrainingMetrics> training = part(at + "metrics.jsonl", TrainingMetrics::read);
        int rows = training.map(read -> read.rows().size()).orElse(0);
        int steps = compute.map(node -> node.path("steps").asInt()).orElse(0);
        if (training.isPresent() && rows < steps) {
            notes.add(folder.resolve(at + "metrics.jsonl") + " has " + rows + " of the " + steps
                    + " steps that the training took");
        }
        return training.orElse(TrainingMetrics.NONE);
    }

    /**
     * Evaluations in folders {@code step-N}, N being steps of the training, and the trained model's on the same samples,
     * which are the first ones of the test file.
     */
    private List<Arm.CurvePoint> curve(
            String at, TrainingMetrics training, Arm.Compute compute, List<Prediction> predictions) {
        TrainingMetrics.Points spent = training.points("step", "tokenForwards");
        List<Arm.CurvePoint> points = new ArrayList<>();
        for (String name : folders(at)) {
            long steps = name.matches("step-\\d{1,15}") ? Long.parseLong(name.substring("step-".length())) : 0;
            for (int i = 0; i < spent.x().length; i++) {
                // Rows are numbered from 0.
                double tokens = spent.y()[i] + compute.agents().tokenForwards();
                if (spent.x()[i] == steps - 1) {
                    part(at + "/" + name + "/metrics.json", file -> Json.read(file, GroundingMetrics.class))
                            .ifPresent(metrics -> points.add(new Arm.CurvePoint(steps, tokens, metrics)));
                }
            }
        }
        int tested = points.isEmpty() ? 0 : points.get(0).metrics().n();
        if (tested > 0 && tested <= predictions.size()) {
            points.add(new Arm.CurvePoint(
                    spent.x().length,
                    compute.total().tokenForwards(),
                    GroundingMetrics.of(predictions.subList(0, tested))));
        }
        return points;
    }

    /** Reads a part of the folder; empty if it is missing or, with a note, can't be read. */
    private <T> Optional<T> part(String name, Function<Path, T> reader) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? guarded(() -> reader.apply(file)) : Optional.empty();
    }

    private <T> Optional<T> guarded(Supplier<T> reader) {
        try {
            return Optional.ofNullable(reader.get());
        } catch (InputException e) {
            notes.add(e.getMessage());
            return Optional.empty();
        }
    }
}
