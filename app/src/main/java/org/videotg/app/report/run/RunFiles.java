package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;

/**
 * Where the files of a run lie. A run of the whole method has its own; for a single training run or an evaluation they
 * are looked for around the data that its manifest names.
 *
 * @param folder absolute
 * @param data files that the manifest names and that are still there, in its order
 */
public record RunFiles(Path folder, List<Path> data) {
    /** What people decided, beside the verdicts of reflection. */
    public static final String DECISIONS = "decisions.jsonl";

    private static final String AGENTS = "agents";

    public RunFiles {
        data = List.copyOf(data);
    }

    /** Where a project's stages make the samples, seen from a run's folder. */
    private static final List<String> MADE = List.of("world", "../world", "data", "../../data");

    /** @throws InputException if there is no such folder */
    public static RunFiles of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is not a folder; give the folder of a run");
        }
        Path absolute = folder.toAbsolutePath().normalize();
        return new RunFiles(absolute, named(absolute.resolve(RunManifest.FILE)));
    }

    private static List<Path> named(Path manifest) {
        if (!Files.exists(manifest)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try {
            JsonNode node = Json.read(manifest);
            // A project's data sets are settings of its recipe.
            node.path("recipe").path("data").findValuesAsText("train").forEach(names::add);
            node.path("data").fieldNames().forEachRemaining(names::add);
        } catch (InputException e) {
            // What reads the manifest itself reports it.
            return List.of();
        }
        return names.stream()
                .filter(name -> name.endsWith(".jsonl") && Files.isRegularFile(Path.of(name)))
                .map(name -> Path.of(name).toAbsolutePath().normalize())
                .toList();
    }

    /** A file of the rendered world or of the converted data, which runs with other base models or seeds share. */
    public Optional<Path> world(String name) {
        return MADE.stream()
                .map(place -> folder.resolve(place).resolve(name).normalize())
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The samples of which training samples are selected. */
    public Optional<Path> train() {
        return world("train.jsonl").or(() -> data.stream().findFirst());
    }

    /** The verdicts of boundary reflection. */
    public Optional<Path> reflections() {
        return verdicts("reflections.jsonl");
    }

    /** The verdicts of difficulty estimation. */
    public Optional<Path> difficulty() {
        return verdicts("difficulty.jsonl");
    }

    /** In the run's folder, else beside the data, else beside the folder of the data. */
    Optional<Path> verdicts(String name) {
        Stream<Path> places = Stream.concat(
                Stream.of(folder),
                data.stream()
                        .flatMap(file ->
                                Stream.of(file.getParent(), file.getParent().getParent()))
                        .filter(place -> place != null));
        return places.flatMap(place -> Stream.of(place.resolve(AGENTS).resolve(name), place.resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The samples that the method selected. */
    public Optional<Path> selected() {
        return first(folder.resolve("selections").resolve("selected.jsonl"), folder.resolve("selected.jsonl"));
    }

    private static Optional<Path> first(Path... files) {
        return Stream.of(files).filter(Files::isRegularFile).findFirst();
    }
}
