package org.videotg.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.videotg.training.run.RunFolder;

/** The files of a demo; the report reads them there. */
record DemoFolder(Path path) {
    Path world() {
        return path.resolve("world");
    }

    Path train() {
        return world().resolve("train.jsonl");
    }

    Path test() {
        return world().resolve("test.jsonl");
    }

    /** The planted truth; written last of the world's files and read by the report alone. */
    Path truth() {
        return world().resolve("truth.jsonl");
    }

    Path features() {
        return path.resolve("features");
    }

    /** The cost of caching one part of the features. */
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

    /** A copy of the demo's recipe. */
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

    /** Counts the files of a folder with that suffix; 0 if the folder is missing. */
    static long count(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Counts the lines of a file that is being written; 0 if it is missing. */
    static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
