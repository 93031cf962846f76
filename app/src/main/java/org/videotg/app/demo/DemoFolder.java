package org.videotg.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.videotg.training.run.RunFolder;

/** Where a demo's files lie; the report reads them there. */
public record DemoFolder(Path path) {
    Path world() {
        return path.resolve("world");
    }

    Path train() {
        return world().resolve("train.jsonl");
    }

    Path test() {
        return world().resolve("test.jsonl");
    }

    /** Written last by the world's writer. Nothing but the report reads it. */
    Path truth() {
        return world().resolve("truth.jsonl");
    }

    Path features() {
        return path.resolve("features");
    }

    /** What caching one part of the features has cost. */
    Path featureCost(int part) {
        return features().resolve("cost-" + part + ".json");
    }

    Path reflections() {
        return path.resolve("agents").resolve("reflections.jsonl");
    }

    Path difficulty() {
        return path.resolve("agents").resolve("difficulty.jsonl");
    }

    Path agentCost() {
        return path.resolve("agents").resolve("cost.json");
    }

    Path selected() {
        return path.resolve("selected.jsonl");
    }

    Path selection() {
        return path.resolve("selection.json");
    }

    Path random() {
        return path.resolve("random.jsonl");
    }

    Path arms() {
        return path.resolve("arms.json");
    }

    /** The recipe that the demo was begun with. */
    Path recipe() {
        return path.resolve("demo.yaml");
    }

    Path log(String stage) {
        return path.resolve("logs").resolve(stage + ".log");
    }

    RunFolder arm(String name) {
        return new RunFolder(path.resolve("arms").resolve(name));
    }

    Path armRecipe(String name) {
        return arm(name).path().resolve("recipe.yaml");
    }

    Path eval(String name) {
        return arm(name).path().resolve("eval");
    }

    Path data(DemoRecipe.Data data) {
        return switch (data) {
            case ALL -> train();
            case RANDOM -> random();
            case SELECTED -> selected();
        };
    }

    /** Files of a folder with that suffix; 0 if there is none. */
    static long count(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Lines of a file that is being written; 0 if there is none. */
    static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
