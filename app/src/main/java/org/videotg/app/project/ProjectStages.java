package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.sample.Samples;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.SelectionStrategy;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.RunFolder;

/**
 * The stages of one {@link Cell}. Each is a command of this program in a child process with one thread.
 *
 * @param launch how child processes are started
 * @param model the cell's base model
 * @param samples that arms train on, and are tested on, for the estimates
 */
record ProjectStages(Launch launch, Cell cell, Model model, Counts samples) {
    private static final String WORLD = "world";
    private static final String CURATE = "curate";

    /**
     * How child processes are started.
     *
     * @param program main class
     * @param projectFile beside which the arms' recipes lie
     * @param out folder of the run
     * @param parts processes that share the encoding of a cell's videos
     */
    record Launch(Class<?> program, Path projectFile, Path out, int parts) {}

    /** A base model: its folder and the fingerprint of its weights. */
    record Model(Path folder, String fingerprint) {}

    /** Numbers of samples. */
    record Counts(int train, int test) {}

    /** The command line of a stage. */
    private static final class Arguments {
        private final List<String> words;

        Arguments(String... words) {
            this.words = new ArrayList<>(List.of(words));
        }

        Arguments with(String option, Object value) {
            words.add(option);
            words.add(value.toString());
            return this;
        }
    }

    /** Returns the stages by name; those of cells that share a world have its stage in common. */
    Map<String, Stage> all() {
        Map<String, Stage> stages = new LinkedHashMap<>();
        if (cell.data().world() != null) {
            add(stages, world());
        }
        Set<String> features = new HashSet<>();
        for (int part = 1; part <= launch.parts(); part++) {
            features.add(add(stages, features(part)));
        }
        Map<String, String> selections = new LinkedHashMap<>();
        String before = null;
        for (Map.Entry<String, SelectionSettings> selection :
                cell.project().selections().entrySet()) {
            String name = selection.getKey();
            if (cell.arms().stream().anyMatch(arm -> name.equals(arm.data()))) {
                boolean asks =
                        selection.getValue().reflects() || selection.getValue().rates();
                Set<String> needs = new HashSet<>(asks ? features : dataStages());
                if (asks) {
                    // Selections share the files of verdicts, which one process writes at a time.
                    Stream.ofNullable(before).forEach(needs::add);
                    before = cell.stage("select " + name);
                }
                selections.put(name, add(stages, selection(name, selection.getValue(), needs)));
            }
        }
        for (Project.Arm arm : cell.arms()) {
            Set<String> needs = new HashSet<>(features);
            if (arm.isTrained()) {
                Stream.ofNullable(selections.get(arm.data())).forEach(needs::add);
                Training training = training(arm);
                needs = Set.of(add(stages, train(training, needs)));
                for (long steps : training.recipe().snapshotSteps(training.steps())) {
                    add(stages, onTheWay(training, steps, needs));
                }
            }
            add(stages, eval(arm, needs));
        }
        return stages;
    }

    private static String add(Map<String, Stage> stages, Stage stage) {
        stages.put(stage.name(), stage);
        return stage.name();
    }

    private Project.Rates rates() {
        return cell.project().rates();
    }

    private Stage world() {
        Project.World world = cell.data().world();
        Arguments arguments = new Arguments(WORLD)
                .with("--out", cell.world())
                .with("--videos", world.train())
                .with("--test", world.test())
                .with("--task", world.task())
                .with("--seed", world.seed() + cell.seed())
                .with("--domain", world.domain())
                .with("--partial", world.partial())
                .with("--truncated", world.truncated())
                .with("--systematic", world.systematic());
        int videos = world.train() + world.test();
        return new Stage(
                worldName(),
                key(arguments.words),
                rates().start() + videos * rates().world(),
                Set.of(),
                cell.truth(),
                action(worldName(), cell.worldLog(), arguments),
                () -> count(cell.world().resolve("videos"), ".mp4") / (double) videos);
    }

    private String worldName() {
        return cell.project().isSingle() ? WORLD : cell.data().name() + "/seed-" + cell.seed() + " " + WORLD;
    }

    private Set<String> dataStages() {
        return cell.data().world() == null ? Set.of() : Set.of(worldName());
    }

    private Stage features(int part) {
        Arguments arguments = new Arguments("features")
                .with("--data", cell.train())
                .with("--data", cell.test())
                .with("--model", model.folder())
                .with("--features", cell.features())
                .with("--part", part + "/" + launch.parts())
                .with("--cost", cell.featureCost(part));
        int videos = samples.train() + samples.test();
        return child(
                        "features-" + part,
                        arguments,
                        cell.featureCost(part),
                        dataStages(),
                        rates().start() + videos * rates().features() / launch.parts())
                .progressing(() -> count(cell.features(), ".safetensors") / (double) videos);
    }

    private Stage selection(String name, SelectionSettings selection, Set<String> needs) {
        Path settings = cell.selectionSettings(name);
        Arguments arguments = new Arguments(CURATE)
                .with("--data", cell.train())
                .with("--reflections", cell.reflections())
                .with("--difficulty", cell.difficulty())
                .with("--out", cell.selected(name))
                .with("--report", cell.selectionReport(name))
                .with("--seed", cell.seed())
                .with("--settings", settings);
        Project.Server server = cell.project().agents();
        if (server == null) {
            arguments.with("--model", model.folder()).with("--features", cell.features());
        } else {
            arguments.with("--model", server.model());
            new TreeMap<>(server.server()).forEach((key, value) -> arguments.with("--server", key + "=" + value));
            new TreeMap<>(server.video()).forEach((key, value) -> arguments.with("--video", key + "=" + value));
        }
        if (selection.strategy() instanceof SelectionStrategy.Oracle) {
            arguments.with("--truth", cell.truth());
        }
        Optional<Path> decisions = Optional.ofNullable(cell.data().decisions())
                .filter(file -> selection.reflects())
                .map(file -> Path.of(file).toAbsolutePath());
        int looked = 2 * selection.poolWanted(samples.train());
        double asked = selection.reflects() || selection.rates() ? looked * rates().agents() : 0;
        Stage stage = child("select " + name, arguments, cell.selectionReport(name), needs, rates().start() + asked)
                .progressing(() ->
                        Math.max(lines(cell.difficulty()), lines(cell.reflections())) / (double) Math.max(1, looked));
        Project project = cell.project();
        List<String> deciding = new ArrayList<>(arguments.words);
        deciding.add(Json.line(List.of(project.reflection(), project.difficulty(), selection)));
        decisions.ifPresent(file -> {
            deciding.add(Sha256.of(file));
            arguments.with("--decisions", file);
        });
        return stage.keyed(key(deciding)).acting(() -> {
            AtomicFiles.writeString(settings, Json.pretty(agents(name)));
            stage.action().run();
        });
    }

    /** Returns the settings of the agents and of a selection, as the project gives them. */
    private Map<String, JsonNode> agents(String selection) {
        JsonNode given = Settings.mapping(launch.projectFile());
        Map<String, JsonNode> agents = new LinkedHashMap<>();
        agents.put("reflection", mapping(given.path("reflection")));
        agents.put("difficulty", mapping(given.path("difficulty")));
        agents.put("selection", mapping(given.path("selections").path(selection)));
        return agents;
    }

    private static JsonNode mapping(JsonNode node) {
        return node.isObject() ? node : Json.MAPPER.createObjectNode();
    }

    /** The training of an arm: its recipe with what the project changes. */
    private record Training(Project.Arm arm, Path source, List<String> overrides, Recipe recipe, long steps) {}

    private Training training(Project.Arm arm) {
        Map<String, String> changes = new TreeMap<>(cell.project().overrides());
        changes.putAll(arm.overrides());
        changes.put("seed", String.valueOf(cell.seed()));
        changes.put("snapshots", String.valueOf(cell.project().curve()));
        List<String> overrides = new ArrayList<>(List.of(
                "model=" + quoted(model.folder()),
                "data=" + quoted(cell.trainingData(arm)),
                "features=" + quoted(cell.features())));
        changes.forEach((key, value) -> overrides.add(key + "=" + value));
        Path source = launch.projectFile().resolveSibling(arm.recipe());
        Recipe recipe = Recipe.read(source, overrides);
        if (recipe.stop() != null && recipe.snapshots() > 0) {
            throw new InputException("arm \"" + arm.name() + "\" may end early (\"stop\" in " + source
                    + "), so that it can't be said which models it keeps on its way; leave out \"stop\" or \"curve\"");
        }
        int trained = arm.data().equals(Project.Arm.ALL)
                ? samples.train()
                : cell.project().selections().get(arm.data()).wanted(samples.train());
        return new Training(arm, source, overrides, recipe, recipe.length().stepsOver(trained));
    }

    private Stage train(Training training, Set<String> needs) {
        Project.Arm arm = training.arm();
        Recipe recipe = training.recipe();
        Arguments arguments = new Arguments("train", cell.armRecipe(arm).toString(), "--resume")
                .with("--out", cell.arm(arm).path());
        arguments.words.addAll(training.overrides());
        String stage = "train " + arm.name();
        Stage.Action action = action(cell.stage(stage), cell.log(stage), arguments);
        double perSample = recipe.grpo() == null ? rates().sft() : rates().grpo();
        return new Stage(
                cell.stage(stage),
                key(List.of("train", recipe.fingerprint(), arm.data(), String.valueOf(recipe.snapshots()))),
                rates().start() + training.steps() * recipe.length().prompts() * perSample,
                needs,
                cell.arm(arm).compute(),
                () -> {
                    AtomicFiles.writeString(cell.armRecipe(arm), AtomicFiles.readString(training.source()));
                    action.run();
                },
                () -> lines(cell.arm(arm).metrics()) / (double) training.steps());
    }

    private Stage eval(Project.Arm arm, Set<String> needs) {
        Path tested = arm.isTrained() ? cell.arm(arm).model() : model.folder();
        Arguments arguments = new Arguments("eval", "--data", cell.test().toString()).with("--model", tested);
        return eval("eval " + arm.name(), cell.eval(arm), arguments, samples.test(), needs);
    }

    /** The evaluation of a model that the training kept on its way. */
    private Stage onTheWay(Training training, long steps, Set<String> needs) {
        RunFolder run = cell.arm(training.arm());
        Path snapshot = run.snapshot(steps);
        Recipe recipe = training.recipe();
        Arguments arguments = new Arguments("eval", "--data", cell.curveTest().toString());
        if (recipe.lora() == null && recipe.adapter() == null) {
            arguments.with("--model", snapshot);
        } else {
            arguments.with("--model", model.folder()).with("--adapter", snapshot);
        }
        int limit = Math.min(samples.test(), cell.project().curveTest());
        Stage stage = eval(
                "curve " + training.arm().name() + " " + steps,
                run.path().resolve("curve").resolve(snapshot.getFileName()),
                arguments,
                limit,
                needs);
        return stage.acting(() -> {
            Samples.write(
                    cell.curveTest(),
                    Samples.read(cell.test()).stream()
                            .limit(limit)
                            .map(sample -> Samples.relocate(sample, cell.test(), cell.curveTest()))
                            .toList());
            stage.action().run();
        });
    }

    private Stage eval(String name, Path out, Arguments arguments, int count, Set<String> needs) {
        arguments
                .with("--out", out)
                .with("--features", cell.features())
                .with("--max-tokens", cell.project().maxTokens());
        return child(name, arguments, out.resolve("metrics.json"), needs, rates().start() + count * rates().eval())
                .progressing(() -> lines(out.resolve("predictions.jsonl")) / (double) count);
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private Stage child(String stage, Arguments arguments, Path marker, Set<String> needs, double seconds) {
        String name = cell.stage(stage);
        Stage.Action action = action(name, cell.log(stage), arguments);
        return new Stage(name, key(arguments.words), seconds, needs, marker, action, () -> 0);
    }

    /** Returns a hash of a stage's settings that does not depend on where the files lie. */
    private String key(List<String> words) {
        List<String> portable = words.stream()
                .map(word -> word.equals(model.folder().toString()) ? model.fingerprint() : word)
                .map(word -> word.startsWith(launch.out().toString())
                        ? launch.out().relativize(Path.of(word)).toString()
                        : word)
                .toList();
        String data = cell.data().world() == null ? Sha256.of(cell.train()) + Sha256.of(cell.test()) : "";
        return Sha256.of(String.join("\n", portable) + data);
    }

    private Stage.Action action(String name, Path log, Arguments arguments) {
        return () -> {
            long before = log.toFile().length();
            int code = new ChildProcess(launch.program(), arguments.words, log.getParent(), 1).run(log);
            if (code != 0) {
                throw new InputException(
                        "stage \"" + name + "\" failed (exit code " + code + "): " + lastLine(log, before)
                                + "; its output is in " + log + "; run the same command again to resume");
            }
        };
    }

    /**
     * Returns the error in a stage's log, or its last line if there is none.
     *
     * @param from bytes of the log that earlier attempts wrote
     */
    static String lastLine(Path log, long from) {
        try {
            byte[] bytes = Files.readAllBytes(log);
            int start = (int) Math.min(from, bytes.length);
            List<String> lines = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return IntStream.iterate(lines.size() - 1, i -> i >= 0, i -> i - 1)
                    .mapToObj(lines::get)
                    .filter(line -> line.startsWith("error: "))
                    .findFirst()
                    .map(line -> line.substring("error: ".length()))
                    .orElse(lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1));
        } catch (IOException e) {
            return "its log can't be read";
        }
    }

    /** Counts the files of a folder with that suffix; 0 if the folder is missing. */
    private static long count(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Counts the lines of a file that is being written; 0 if it is missing. */
    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
