package org.videotg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.Sha256;

/**
 * A folder with one file of every kind that videotg reads, and the commands that read them. It is made once; a second copy
 * restores it, with the times of its files, which the names of cached features depend on.
 */
final class FaultFolder {
    private static final List<String> TRAIN =
            List.of("epochs=1", "batch=2", "checkpointEvery=2", "features={}/features");

    private final Path root;
    private final Path copy;

    /**
     * A file and a command that reads it.
     *
     * @param file path in the folder
     * @param trust what videotg can know about the file
     * @param result files and folders by which two runs are compared; none for standard output
     * @param command {@code {}} stands for the folder
     */
    record Reading(String file, Trust trust, List<String> result, String command) {
        @Override
        public String toString() {
            return file + " by " + command.substring(0, command.indexOf(' '));
        }
    }

    /** What is known about a file. */
    enum Trust {
        /** videotg has written it: the result is the same, or there is an error. */
        OWN,
        /** It came from elsewhere: where its change is not an error, it is another input. */
        INPUT
    }

    FaultFolder(Path folder) {
        this.root = folder.resolve("files").toAbsolutePath().normalize();
        this.copy = folder.resolve("copy").toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    /** Makes the files, unless that has been done. */
    void make() throws IOException {
        if (Files.exists(copy)) {
            restore();
            return;
        }
        delete(root);
        Files.createDirectories(root);
        copy(Path.of(System.getProperty("videotg.home"), "models", "small"), root.resolve("small"));
        good("world --out {}/world --videos 8 --test 2 --domain target --seed 5 --partial 0.5");
        good("reflect --data {}/world/train.jsonl --out {}/reflections.jsonl --model {}/small --features {}/features");
        good(
                "difficulty --data {}/world/train.jsonl --out {}/difficulty.jsonl --model {}/small --features {}/features");
        good("eval --max-tokens 24 --data {}/world/train.jsonl --out {}/eval --model {}/small --features {}/features");
        copy(root.resolve("eval"), root.resolve("evalhalf"));
        Files.delete(root.resolve("evalhalf/metrics.json"));
        for (String log : List.of("predictions.jsonl", "costs.jsonl")) {
            Path file = root.resolve("evalhalf").resolve(log);
            List<String> rows = Files.readAllLines(file);
            Files.writeString(file, String.join("\n", rows.subList(0, rows.size() / 2)) + "\n");
        }
        Files.writeString(
                root.resolve("decisions.jsonl"),
                Jsonl.read(root.resolve("world/train.jsonl"))
                        .get(0)
                        .node()
                        .path("id")
                        .asText()
                        .transform(id -> "{\"id\":\"" + id + "\",\"decision\":\"keep\"}\n"));
        Files.writeString(
                root.resolve("charades.txt"), "v1 0.5 4.0##a person opens a door\nv2 1.5 9.0##a person sits\n");
        Files.writeString(root.resolve("durations.csv"), "id,length\nv1,30.5\nv2,31.0\n");
        Path home = Path.of(System.getProperty("videotg.home"));
        Files.writeString(
                root.resolve("recipe.yaml"),
                Files.readString(home.resolve("recipes/lora.yaml"))
                        .replaceAll("(?m)^model: .*", "model: " + root + "/small")
                        .replaceAll("(?m)^data: .*", "data: " + root + "/world/train.jsonl"));
        good("train {}/recipe.yaml --out {}/run " + String.join(" ", TRAIN));
        copy(root.resolve("run"), root.resolve("runhalf"));
        Files.delete(root.resolve("runhalf/compute.json"));
        delete(root.resolve("runhalf/model"));
        delete(root.resolve("runhalf/adapter"));
        copy(root, copy);
    }

    /** Makes the folder what it was. */
    void restore() throws IOException {
        delete(root);
        copy(copy, root);
    }

    /** Returns the commands that read files, one for each kind of file and command. */
    List<Reading> readings() throws IOException {
        List<Reading> readings = new ArrayList<>();
        String ask = " --features {}/features --data {}/world/train.jsonl";
        String select =
                "select --data {}/world/train.jsonl --reflections {}/reflections.jsonl --difficulty {}/difficulty.jsonl"
                        + " --decisions {}/decisions.jsonl --fraction 0.3 --out {}/out.jsonl";
        add(readings, Trust.INPUT, "out.jsonl", select, "world/train.jsonl", "decisions.jsonl");
        add(readings, Trust.OWN, "out.jsonl", select, "reflections.jsonl", "difficulty.jsonl");
        add(
                readings,
                Trust.OWN,
                "reflections.jsonl",
                "reflect --out {}/reflections.jsonl --model {}/small" + ask,
                "reflections.jsonl");
        add(
                readings,
                Trust.OWN,
                "",
                "score --predictions {}/eval/predictions.jsonl --annotations {}/world/train.jsonl --profile timer1 --json",
                "eval/predictions.jsonl");
        add(
                readings,
                Trust.INPUT,
                "out.jsonl",
                "convert {}/charades.txt --durations {}/durations.csv --out {}/out.jsonl",
                "charades.txt",
                "durations.csv");
        String resume = "eval --max-tokens 24 --out {}/evalhalf --model {}/small" + ask;
        add(
                readings,
                Trust.OWN,
                "evalhalf/predictions.jsonl evalhalf/metrics.json",
                resume,
                "evalhalf/predictions.jsonl",
                "evalhalf/costs.jsonl",
                "evalhalf/manifest.json");
        add(
                readings,
                Trust.OWN,
                "eval/predictions.jsonl eval/metrics.json",
                "eval --max-tokens 24 --out {}/eval --model {}/small" + ask,
                "eval/predictions.jsonl",
                "eval/metrics.json");
        String fresh = "eval --max-tokens 24 --out {}/new --model {}/small" + ask;
        add(readings, Trust.OWN, "new/predictions.jsonl", fresh, first("features/shards", ".pack"));
        add(readings, Trust.INPUT, "new/predictions.jsonl", fresh, "small/*");
        add(
                readings,
                Trust.INPUT,
                "new/predictions.jsonl",
                "eval --max-tokens 24 --out {}/new --model {}/small --features {}/none --data {}/world/train.jsonl",
                first("world/videos", ".mp4"));
        add(
                readings,
                Trust.OWN,
                "new/predictions.jsonl",
                "eval --max-tokens 24 --out {}/new --model {}/run/model" + ask,
                "run/model/*");
        add(
                readings,
                Trust.OWN,
                "new/predictions.jsonl",
                "eval --max-tokens 24 --out {}/new --model {}/small --adapter {}/run/adapter" + ask,
                "run/adapter/*");
        add(
                readings,
                Trust.OWN,
                "world/videos world/train.jsonl world/test.jsonl",
                "world --out {}/world --videos 8 --test 2 --domain target --seed 5 --partial 0.5",
                first("world/videos", ".mp4"),
                "world/world.json",
                "world/train.jsonl",
                "world/videos/checksums.jsonl",
                "world/truth.jsonl");
        add(readings, Trust.INPUT, "", "train {}/recipe.yaml --dry-run --trial 0 --out {}/dry", "recipe.yaml");
        String train = "train {}/recipe.yaml --resume --out {}/RUN " + String.join(" ", TRAIN);
        add(
                readings,
                Trust.OWN,
                "run/model/model.safetensors",
                train.replace("RUN", "run"),
                "run/compute.json",
                "run/manifest.json",
                "run/model/model.safetensors");
        add(
                readings,
                Trust.OWN,
                "runhalf/model/model.safetensors",
                train.replace("RUN", "runhalf"),
                "runhalf/*",
                "runhalf/checkpoints/" + first("runhalf/checkpoints", "").substring(20) + "/*");
        add(
                readings,
                Trust.OWN,
                "run/report/index.html",
                "report {}/run --reflections {}/reflections.jsonl --difficulty {}/difficulty.jsonl",
                "run/metrics.jsonl",
                "run/manifest.json",
                "run/compute.json",
                "reflections.jsonl",
                "difficulty.jsonl");
        return readings;
    }

    /** A file that ends with a star stands for all files of its folder. */
    private void add(List<Reading> readings, Trust trust, String result, String command, String... files)
            throws IOException {
        for (String file : files) {
            for (String each : file.endsWith("/*") ? list(file.substring(0, file.length() - 2)) : List.of(file)) {
                readings.add(
                        new Reading(each, trust, result.isEmpty() ? List.of() : List.of(result.split(" ")), command));
            }
        }
    }

    private String first(String folder, String ending) throws IOException {
        return list(folder).stream()
                .filter(file -> file.endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    private List<String> list(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(copy.resolve(folder))) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .filter(entry -> Files.isRegularFile(entry) || folder.endsWith("checkpoints"))
                    .map(entry -> copy.relativize(entry).toString())
                    .sorted()
                    .toList();
        }
    }

    Trial run(Reading reading, Duration longest) {
        return run(reading.command(), longest);
    }

    private Trial run(String command, Duration longest) {
        return Trial.run(List.of(command.replace("{}", root.toString()).split(" ")), longest);
    }

    private void good(String command) {
        Trial trial = run(command, Duration.ofMinutes(5));
        if (trial.code() != 0) {
            throw new IllegalStateException(command + " ended with " + trial.code() + ": " + trial.err());
        }
    }

    /** Returns what a command has made. */
    String result(Reading reading, Trial trial) throws IOException {
        if (reading.result().isEmpty()) {
            return trial.out();
        }
        StringBuilder text = new StringBuilder();
        for (String name : reading.result()) {
            for (Path file : files(root.resolve(name))) {
                text.append(root.relativize(file))
                        .append(' ')
                        .append(content(file))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Cost and time of a run are left out. */
    private static String content(Path file) throws IOException {
        if (!file.toString().endsWith(".json") && !file.toString().endsWith(".jsonl")) {
            return Sha256.of(file);
        }
        return AtomicFiles.readString(file)
                .replaceAll("\"cost\" ?: ?\\{[^}]*}", "")
                .replaceAll("\"(cpuSeconds|seconds|rowCrc32c)\" ?: ?[^,}]*", "");
    }

    private static List<Path> files(Path top) throws IOException {
        if (!Files.exists(top)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
