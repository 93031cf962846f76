package org.videotg.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.videotg.app.doctor.Finding;
import org.videotg.app.dryrun.DryRun;
import org.videotg.app.inference.Evaluation;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Samples;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.RunFolder;

/** The stages of a cell that train, evaluate and score its arms. */
record ArmStages(StageCommands commands) {
    /** The training of an arm: its recipe with what the project changes. */
    record Training(Project.Arm arm, Path source, List<String> changes, Recipe recipe, long steps) {
        /** Returns the command line's settings for training on these samples. */
        List<String> overrides(Path data) {
            List<String> overrides = new ArrayList<>(changes);
            overrides.add(1, "data=" + quoted(data));
            return overrides;
        }
    }

    Training training(Project.Arm arm) {
        Project project = cell().project();
        Map<String, String> changes = new TreeMap<>(project.overrides());
        Optional.ofNullable(project.prompt()).ifPresent(prompt -> changes.put("prompt", "'" + prompt + "'"));
        project.video().forEach((key, value) -> changes.put("video." + key, value));
        changes.putAll(arm.overrides());
        changes.put("seed", String.valueOf(cell().seed()));
        changes.put("snapshots", String.valueOf(cell().project().curve()));
        List<String> overrides = new ArrayList<>(
                List.of("model=" + quoted(commands.model().folder()), "features=" + quoted(cell().features())));
        changes.forEach((key, value) -> overrides.add(key + "=" + value));
        Path source = commands.launch().recipe(arm);
        Recipe recipe =
                Recipe.read(source, new Training(arm, source, overrides, null, 0).overrides(cell().trainingData(arm)));
        if (recipe.stop() != null && recipe.snapshots() > 0) {
            throw new InputException("arm \"" + arm.name() + "\" may end early (\"stop\" in " + source
                    + "), so that it can't be said which models it keeps on its way; leave out \"stop\" or \"curve\"");
        }
        int trained = arm.data().equals(Project.Arm.ALL)
                ? commands.samples().train()
                : cell().project()
                        .selections()
                        .get(arm.data())
                        .wanted(commands.samples().train());
        return new Training(arm, source, overrides, recipe, recipe.length().stepsOver(trained));
    }

    /** Returns the memory that training takes with each recipe, a line each; none before the samples are there. */
    List<String> memory() {
        if (!Files.exists(cell().train())) {
            return List.of();
        }
        Map<Path, String> lines = new LinkedHashMap<>();
        for (Project.Arm arm : cell().arms()) {
            if (arm.isTrained()) {
                lines.computeIfAbsent(commands.launch().recipe(arm), source -> {
                    Recipe recipe = Recipe.read(source, training(arm).overrides(cell().train()));
                    Finding found = DryRun.memory(recipe, cell().folder());
                    return cell().stage("train " + arm.name()) + ", memory: " + found.value()
                            + (found.ok() ? "" : "; " + found.advice());
                });
            }
        }
        return List.copyOf(lines.values());
    }

    /** Returns the stage that checks data, recipe and model: what is wrong shows before hours of work. */
    Stage check(Training training) {
        Arguments arguments = new Arguments(
                "train", training.source().toString(), StageCommands.DRY_RUN, "--no-deep", "--trial", "0");
        arguments.withAll(training.overrides(cell().train()));
        Stage stage = commands.own(StageKind.CHECK, "", arguments, List.of(cell().checked()), 0);
        return stage.acting(() -> {
            stage.action().run();
            AtomicFiles.writeString(
                    cell().checked(), Json.line(Map.of("command", CommandLines.join(arguments.words()))) + "\n");
        });
    }

    Stage train(Training training) {
        Project.Arm arm = training.arm();
        Recipe recipe = training.recipe();
        Arguments arguments = new Arguments("train", cell().armRecipe(arm).toString(), "--resume")
                .with("--out", cell().arm(arm).path());
        arguments.withAll(training.overrides(cell().trainingData(arm)));
        double perSample = recipe.grpo() == null
                ? commands.rates().sft()
                : commands.rates().grpo();
        Stage stage = commands.own(
                StageKind.TRAIN,
                " " + arm.name(),
                arguments,
                List.of(cell().arm(arm).path(), cell().arm(arm).compute()),
                training.steps() * recipe.length().prompts() * perSample);
        return stage.keyed(commands.key(
                        List.of("train", recipe.fingerprint(), arm.data(), String.valueOf(recipe.snapshots()))))
                .progressing(() -> StageFiles.countLines(cell().arm(arm).metrics()) / (double) training.steps())
                .acting(() -> {
                    AtomicFiles.writeString(cell().armRecipe(arm), AtomicFiles.readString(training.source()));
                    stage.action().run();
                });
    }

    /** Returns the stages that evaluate the models which a training keeps on its way. */
    List<Stage> curve(Training training) {
        return training.recipe().snapshotSteps(training.steps()).stream()
                .map(steps -> curve(training, steps))
                .toList();
    }

    private Stage curve(Training training, long steps) {
        RunFolder run = cell().arm(training.arm());
        Path snapshot = run.snapshot(steps);
        Recipe recipe = training.recipe();
        Arguments arguments = new Arguments("eval", "--data", cell().curveTest().toString());
        if (recipe.lora() == null && recipe.adapter() == null) {
            arguments.with("--model", snapshot);
        } else {
            arguments.with("--model", commands.model().folder()).with("--adapter", snapshot);
        }
        int limit = Math.min(commands.samples().test(), cell().project().curveTest());
        Stage stage = eval(
                StageKind.CURVE,
                " " + training.arm().name() + " " + steps,
                new Evaluated(
                        arguments,
                        limit,
                        run.path().resolve("curve").resolve(snapshot.getFileName()),
                        Optional.ofNullable(cell().project().maxTokens())));
        return stage.acting(() -> {
            Samples.write(
                    cell().curveTest(),
                    Samples.read(cell().test()).stream()
                            .limit(limit)
                            .map(sample -> Samples.relocate(sample, cell().test(), cell().curveTest()))
                            .toList());
            stage.action().run();
        });
    }

    Stage eval(Project.Arm arm, Asked asked) {
        Path tested =
                arm.isTrained() ? cell().arm(arm).model() : commands.model().folder();
        Arguments arguments = new Arguments("eval", "--data", cell().test().toString()).with("--model", tested);
        if (!arm.isTrained()) {
            // A trained model says itself how it was asked.
            asked.apply(arguments);
        }
        Optional<Integer> maxTokens =
                arm.isTrained() ? Optional.ofNullable(cell().project().maxTokens()) : asked.maxTokens();
        return eval(
                StageKind.EVAL,
                " " + arm.name(),
                new Evaluated(arguments, commands.samples().test(), cell().eval(arm), maxTokens));
    }

    /** An evaluation: so many samples, where the results go, and the length of a reply unless the model says it. */
    private record Evaluated(Arguments arguments, int count, Path out, Optional<Integer> maxTokens) {}

    private Stage eval(StageKind kind, String name, Evaluated evaluated) {
        Path out = evaluated.out();
        Arguments arguments = evaluated.arguments().with("--out", out).with("--features", cell().features());
        evaluated.maxTokens().ifPresent(tokens -> arguments.with("--max-tokens", tokens));
        return commands.own(
                        kind,
                        name,
                        arguments,
                        List.of(out, out.resolve(EvaluationMetrics.FILE)),
                        evaluated.count() * commands.rates().eval())
                .progressing(
                        () -> StageFiles.countLines(out.resolve(Evaluation.PREDICTIONS)) / (double) evaluated.count());
    }

    /** Returns the stage that scores an arm by the conventions of other evaluators. */
    Stage score(Project.Arm arm) {
        Arguments arguments = new Arguments("score")
                .with("--predictions", cell().eval(arm).resolve(Evaluation.PREDICTIONS))
                .with("--annotations", cell().test())
                .with("--out", cell().scores(arm));
        cell().project().metrics().forEach(profile -> arguments.with("--profile", profile));
        return commands.own(StageKind.SCORE, " " + arm.name(), arguments, List.of(cell().scores(arm)), 0);
    }

    private static String quoted(Path path) {
        return path.toString().matches("[\\w@%+=./-]+")
                ? path.toString()
                : "'" + path.toString().replace("'", "''") + "'";
    }

    private Cell cell() {
        return commands.cell();
    }
}
