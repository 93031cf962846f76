package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.app.doctor.Finding;
import org.videotg.app.dryrun.DryRun;
import org.videotg.app.inference.Evaluation;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.RecordShards;
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
    private static final String VIDEO = "--video";
    private static final String DRY_RUN = "--dry-run";
    private static final String MAX_TOKENS = "--max-tokens";

    /**
     * How child processes are started.
     *
     * @param program main class
     * @param projectFile beside which the arms' recipes lie
     * @param recipes folder of further recipes
     * @param out folder of the run
     * @param parts processes that share the encoding of a cell's videos
     * @param messages receives what conversions and checks have found
     */
    record Launch(Class<?> program, Path projectFile, Path recipes, Path out, int parts, Consumer<String> messages) {
        /** Finds a recipe beside the project's file, or among those that come with the program. */
        Path recipe(Project.Arm arm) {
            Path beside = projectFile.resolveSibling(arm.recipe());
            Path own = recipes.resolve(arm.recipe());
            if (!Files.exists(beside) && !Files.exists(own)) {
                throw new InputException("arm \"" + arm.name() + "\": there is neither a recipe " + beside + " nor "
                        + own + "; write one, or name another");
            }
            return Files.exists(beside) ? beside : own;
        }
    }

    /** A base model: its folder and the fingerprint of its weights. */
    record Model(Path folder, String fingerprint) {}

    /** Numbers of samples. */
    record Counts(int train, int test) {}

    /** Returns the stages by name; those of cells that share a world have its stage in common. */
    Map<String, Stage> all() {
        Map<String, Stage> stages = new LinkedHashMap<>();
        Map<String, Training> trainings = new LinkedHashMap<>();
        cell.arms().stream().filter(Project.Arm::isTrained).forEach(arm -> trainings.put(arm.name(), training(arm)));
        Asked asked = Asked.of(
                cell.project(),
                trainings.values().stream().map(Training::recipe).toList());
        Set<String> data = new HashSet<>();
        dataStages().forEach(stage -> data.add(add(stages, stage)));
        if (cell.data().world() == null) {
            // What is wrong with the data, a recipe or the model shows before hours of work.
            Optional<Training> first = trainings.values().stream().findFirst();
            first.ifPresent(training -> data.add(add(stages, check(training, Set.copyOf(data)))));
        }
        Set<String> features = new HashSet<>();
        for (int part = 1; part <= launch.parts(); part++) {
            features.add(add(stages, features(part, asked, data)));
        }
        Map<String, String> selections = new LinkedHashMap<>();
        String before = null;
        for (Map.Entry<String, SelectionSettings> selection :
                cell.project().selections().entrySet()) {
            String name = selection.getKey();
            if (cell.arms().stream().anyMatch(arm -> name.equals(arm.data()))) {
                boolean asks =
                        selection.getValue().reflects() || selection.getValue().rates();
                Set<String> needs = new HashSet<>(asks ? features : data);
                if (asks) {
                    // Selections share the files of verdicts, which one process writes at a time.
                    Stream.ofNullable(before).forEach(needs::add);
                    before = cell.stage("select " + name);
                }
                selections.put(name, add(stages, selection(name, selection.getValue(), asked, needs)));
            }
        }
        for (Project.Arm arm : cell.arms()) {
            Set<String> needs = new HashSet<>(features);
            if (arm.isTrained()) {
                Stream.ofNullable(selections.get(arm.data())).forEach(needs::add);
                Training training = trainings.get(arm.name());
                needs = Set.of(add(stages, train(training, needs)));
                for (long steps : training.recipe().snapshotSteps(training.steps())) {
                    add(stages, onTheWay(training, steps, needs));
                }
            }
            String eval = add(stages, eval(arm, asked, needs));
            if (!cell.project().metrics().isEmpty()) {
                add(stages, score(arm, Set.of(eval)));
            }
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

    private List<Stage> dataStages() {
        if (cell.data().world() != null) {
            return List.of(world());
        }
        Project.Convert convert = cell.data().convert();
        if (convert == null) {
            return List.of();
        }
        Arguments train = convert(cell.data().train(), cell.train(), convert.trainQuestions());
        if (convert.holdOut() > 0) {
            train.with("--hold-out", convert.holdOut()).with("--held-out", cell.test());
            return List.of(converting("train", train, List.of(cell.test(), cell.train())));
        }
        Arguments test = convert(cell.data().test(), cell.test(), convert.testQuestions());
        return List.of(
                converting("train", train, List.of(cell.train())), converting("test", test, List.of(cell.test())));
    }

    private Arguments convert(String annotations, Path out, String questions) {
        Project.Convert convert = cell.data().convert();
        Arguments arguments = new Arguments("convert", annotations)
                .with("--videos", convert.videos())
                .with("--out", out);
        Optional.ofNullable(convert.from()).ifPresent(format -> arguments.with("--from", format));
        Optional.ofNullable(questions).ifPresent(file -> arguments.with("--questions", file));
        if (!convert.fix().isEmpty()) {
            arguments.with("--fix", String.join(",", convert.fix()));
        }
        return arguments;
    }

    private Stage converting(String part, Arguments arguments, List<Path> outputs) {
        return shared(StageKind.CONVERT, " " + part, cell.data().name(), arguments, outputs);
    }

    private Stage world() {
        Project.World world = cell.data().world();
        Arguments arguments = new Arguments("world")
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
        return shared(
                        StageKind.WORLD,
                        "",
                        cell.data().name() + "/seed-" + cell.seed(),
                        arguments,
                        List.of(cell.world(), cell.truth()))
                .progressing(() -> StageFiles.count(cell.world().resolve("videos"), ".mp4") / (double) videos);
    }

    /** A stage that makes the samples of several cells. */
    private Stage shared(StageKind kind, String part, String scope, Arguments arguments, List<Path> outputs) {
        String stage = kind.id() + part;
        String name = cell.project().isSingle() ? stage : scope + " " + stage;
        Path log = cell.world().resolveSibling("logs").resolve(stage.replace(' ', '-') + ".log");
        int videos = samples.train() + samples.test();
        return new Stage(
                kind,
                name,
                arguments.words(),
                key(arguments.words()),
                rates().start() + (kind == StageKind.WORLD ? videos * rates().world() : 0),
                Set.of(),
                outputs,
                action(name, log, arguments),
                () -> 0);
    }

    private Stage check(Training training, Set<String> needs) {
        Arguments arguments =
                new Arguments("train", training.source().toString(), DRY_RUN, "--no-deep", "--trial", "0");
        arguments.withAll(training.overrides(cell.train()));
        Stage stage = child(StageKind.CHECK, "", arguments, List.of(cell.checked()), needs, rates().start());
        return stage.acting(() -> {
            stage.action().run();
            AtomicFiles.writeString(
                    cell.checked(), Json.line(Map.of("command", CommandLines.join(arguments.words()))) + "\n");
        });
    }

    private Stage features(int part, Asked asked, Set<String> needs) {
        Arguments arguments = new Arguments("features")
                .with("--data", cell.train())
                .with("--data", cell.test())
                .with("--model", model.folder())
                .with("--features", cell.features())
                .with("--part", part + "/" + launch.parts())
                .with("--cost", cell.featureCost(part))
                .with(VIDEO, asked.video());
        int videos = samples.train() + samples.test();
        RecordShards cached = RecordShards.features(cell.features());
        return child(
                        StageKind.FEATURES,
                        "-" + part,
                        arguments,
                        List.of(cell.features(), cell.featureCost(part)),
                        needs,
                        rates().start() + videos * rates().features() / launch.parts())
                .progressing(() -> cached.count() / (double) videos);
    }

    private Stage selection(String name, SelectionSettings selection, Asked asked, Set<String> needs) {
        Path settings = cell.selectionSettings(name);
        Arguments arguments = new Arguments("curate")
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
            asked.apply(arguments);
        } else {
            arguments.with("--model", server.model()).with("--server", server.server());
            new Asked(asked.prompt(), server.video(), Optional.empty()).apply(arguments);
        }
        if (selection.strategy() instanceof SelectionStrategy.Oracle) {
            arguments.with("--truth", cell.truth());
        }
        Project project = cell.project();
        List<String> deciding = new ArrayList<>(arguments.words());
        deciding.add(Json.line(List.of(project.reflection(), project.difficulty(), selection)));
        Optional.ofNullable(cell.data().decisions())
                .filter(file -> selection.reflects())
                .map(file -> Path.of(file).toAbsolutePath())
                .ifPresent(file -> {
                    deciding.add(Sha256.of(file));
                    arguments.with("--decisions", file);
                });
        int looked = 2 * selection.poolWanted(samples.train());
        double seconds = selection.reflects() || selection.rates() ? looked * rates().agents() : 0;
        Stage stage = child(
                StageKind.SELECT,
                " " + name,
                arguments,
                List.of(settings, cell.selected(name), cell.selectionReport(name)),
                needs,
                rates().start() + seconds);
        return stage.keyed(key(deciding))
                .progressing(() ->
                        Math.max(StageFiles.countLines(cell.difficulty()), StageFiles.countLines(cell.reflections()))
                                / (double) Math.max(1, looked))
                .acting(() -> {
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
    private record Training(Project.Arm arm, Path source, List<String> changes, Recipe recipe, long steps) {
        /** Returns the command line's settings for training on these samples. */
        List<String> overrides(Path data) {
            List<String> overrides = new ArrayList<>(changes);
            overrides.add(1, "data=" + quoted(data));
            return overrides;
        }
    }

    private Training training(Project.Arm arm) {
        Project project = cell.project();
        Map<String, String> changes = new TreeMap<>(project.overrides());
        Optional.ofNullable(project.prompt()).ifPresent(prompt -> changes.put("prompt", "'" + prompt + "'"));
        project.video().forEach((key, value) -> changes.put("video." + key, value));
        changes.putAll(arm.overrides());
        changes.put("seed", String.valueOf(cell.seed()));
        changes.put("snapshots", String.valueOf(cell.project().curve()));
        List<String> overrides =
                new ArrayList<>(List.of("model=" + quoted(model.folder()), "features=" + quoted(cell.features())));
        changes.forEach((key, value) -> overrides.add(key + "=" + value));
        Path source = launch.recipe(arm);
        Recipe recipe =
                Recipe.read(source, new Training(arm, source, overrides, null, 0).overrides(cell.trainingData(arm)));
        if (recipe.stop() != null && recipe.snapshots() > 0) {
            throw new InputException("arm \"" + arm.name() + "\" may end early (\"stop\" in " + source
                    + "), so that it can't be said which models it keeps on its way; leave out \"stop\" or \"curve\"");
        }
        int trained = arm.data().equals(Project.Arm.ALL)
                ? samples.train()
                : cell.project().selections().get(arm.data()).wanted(samples.train());
        return new Training(arm, source, overrides, recipe, recipe.length().stepsOver(trained));
    }

    /** Returns the memory that training takes with each recipe, a line each; none before the samples are there. */
    List<String> memory() {
        if (!Files.exists(cell.train())) {
            return List.of();
        }
        Map<Path, String> lines = new LinkedHashMap<>();
        for (Project.Arm arm : cell.arms()) {
            if (arm.isTrained()) {
                lines.computeIfAbsent(launch.recipe(arm), source -> {
                    Recipe recipe = Recipe.read(source, training(arm).overrides(cell.train()));
                    Finding found = DryRun.memory(recipe, cell.folder());
                    return cell.stage("train " + arm.name()) + ", memory: " + found.value()
                            + (found.ok() ? "" : "; " + found.advice());
                });
            }
        }
        return List.copyOf(lines.values());
    }

    private Stage train(Training training, Set<String> needs) {
        Project.Arm arm = training.arm();
        Recipe recipe = training.recipe();
        Arguments arguments = new Arguments("train", cell.armRecipe(arm).toString(), "--resume")
                .with("--out", cell.arm(arm).path());
        arguments.withAll(training.overrides(cell.trainingData(arm)));
        String stage = StageKind.TRAIN.id() + " " + arm.name();
        Stage.Action action = action(cell.stage(stage), cell.log(stage), arguments);
        double perSample = recipe.grpo() == null ? rates().sft() : rates().grpo();
        return new Stage(
                StageKind.TRAIN,
                cell.stage(stage),
                arguments.words(),
                key(List.of("train", recipe.fingerprint(), arm.data(), String.valueOf(recipe.snapshots()))),
                rates().start() + training.steps() * recipe.length().prompts() * perSample,
                needs,
                List.of(cell.arm(arm).path(), cell.arm(arm).compute()),
                () -> {
                    AtomicFiles.writeString(cell.armRecipe(arm), AtomicFiles.readString(training.source()));
                    action.run();
                },
                () -> StageFiles.countLines(cell.arm(arm).metrics()) / (double) training.steps());
    }

    private Stage eval(Project.Arm arm, Asked asked, Set<String> needs) {
        Path tested = arm.isTrained() ? cell.arm(arm).model() : model.folder();
        Arguments arguments = new Arguments("eval", "--data", cell.test().toString()).with("--model", tested);
        if (!arm.isTrained()) {
            // A trained model says itself how it was asked.
            asked.apply(arguments);
        }
        Optional<Integer> maxTokens =
                arm.isTrained() ? Optional.ofNullable(cell.project().maxTokens()) : asked.maxTokens();
        return eval(
                StageKind.EVAL,
                " " + arm.name(),
                new Evaluated(arguments, samples.test(), cell.eval(arm), maxTokens),
                needs);
    }

    private Stage score(Project.Arm arm, Set<String> needs) {
        Arguments arguments = new Arguments("score")
                .with("--predictions", cell.eval(arm).resolve(Evaluation.PREDICTIONS))
                .with("--annotations", cell.test())
                .with("--out", cell.scores(arm));
        cell.project().metrics().forEach(profile -> arguments.with("--profile", profile));
        return child(StageKind.SCORE, " " + arm.name(), arguments, List.of(cell.scores(arm)), needs, rates().start());
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
                StageKind.CURVE,
                " " + training.arm().name() + " " + steps,
                new Evaluated(
                        arguments,
                        limit,
                        run.path().resolve("curve").resolve(snapshot.getFileName()),
                        Optional.ofNullable(cell.project().maxTokens())),
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

    /** An evaluation: so many samples, where the results go, and the length of a reply unless the model says it. */
    private record Evaluated(Arguments arguments, int count, Path out, Optional<Integer> maxTokens) {}

    private Stage eval(StageKind kind, String name, Evaluated evaluated, Set<String> needs) {
        Path out = evaluated.out();
        Arguments arguments = evaluated.arguments().with("--out", out).with("--features", cell.features());
        evaluated.maxTokens().ifPresent(tokens -> arguments.with(MAX_TOKENS, tokens));
        return child(
                        kind,
                        name,
                        arguments,
                        List.of(out, out.resolve(EvaluationMetrics.FILE)),
                        needs,
                        rates().start() + evaluated.count() * rates().eval())
                .progressing(
                        () -> StageFiles.countLines(out.resolve(Evaluation.PREDICTIONS)) / (double) evaluated.count());
    }

    private static String quoted(Path path) {
        return path.toString().matches("[\\w@%+=./-]+")
                ? path.toString()
                : "'" + path.toString().replace("'", "''") + "'";
    }

    private Stage child(
            StageKind kind, String part, Arguments arguments, List<Path> outputs, Set<String> needs, double seconds) {
        String stage = kind.id() + part;
        String name = cell.stage(stage);
        Stage.Action action = action(name, cell.log(stage), arguments);
        return new Stage(
                kind, name, arguments.words(), key(arguments.words()), seconds, needs, outputs, action, () -> 0);
    }

    /** Returns a hash of a stage's settings that does not depend on where the files lie. */
    private String key(List<String> words) {
        List<String> portable = words.stream()
                .map(word -> word.equals(model.folder().toString()) ? model.fingerprint() : word)
                .map(word -> word.startsWith(launch.out().toString())
                        ? launch.out().relativize(Path.of(word)).toString()
                        : word)
                .toList();
        return Sha256.of(String.join("\n", portable) + contents());
    }

    /** The contents of the data set's files, whose names say nothing. */
    private String contents() {
        Project.Data data = cell.data();
        return data.world() != null
                ? ""
                : Stream.of(data.train(), data.test())
                        .filter(Objects::nonNull)
                        .map(file -> Sha256.of(Path.of(file).toAbsolutePath()))
                        .collect(Collectors.joining());
    }

    private Stage.Action action(String name, Path log, Arguments arguments) {
        return () -> {
            long before = log.toFile().length();
            int code = new ChildProcess(launch.program(), arguments.words(), log.getParent(), 1).run(log);
            if (code != 0) {
                throw new InputException(
                        "stage \"" + name + "\" failed (exit code " + code + "): " + StageFiles.lastLine(log, before)
                                + "; its output is in " + log + "; run the same command again to resume");
            }
            if (arguments.words().contains(DRY_RUN) || arguments.words().contains("convert")) {
                // What was found out about the data and the machine, which the user should see.
                StageFiles.lines(log, before).forEach(launch.messages());
            }
        };
    }
}
