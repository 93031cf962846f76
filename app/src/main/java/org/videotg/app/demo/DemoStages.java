package org.videotg.app.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.videotg.app.demo.Schedule.Stage;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;
import org.videotg.training.recipe.Recipe;

/**
 * The stages of a demo. Each is a command of this program in a child process with one thread.
 *
 * @param program main class of the child processes
 * @param recipeFile the file of {@code recipe}
 * @param model checkpoint that every arm starts from
 * @param workers number of parallel processes
 */
record DemoStages(Class<?> program, DemoRecipe recipe, Path recipeFile, DemoFolder folder, Path model, int workers) {
    private static final String WORLD = "world";
    private static final String CURATE = "curate";
    private static final String RANDOM = "random";

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

    List<Stage> all() {
        List<Stage> stages = new ArrayList<>();
        stages.add(world());
        Set<String> allFeatures = new HashSet<>();
        for (int part = 1; part <= workers; part++) {
            Stage features = features(part);
            stages.add(features);
            allFeatures.add(features.name());
        }
        stages.add(new Stage(RANDOM, 0.1, Set.of(WORLD), folder.random(), this::drawRandom, () -> 0));
        stages.add(curate(allFeatures));
        for (DemoRecipe.Arm arm : recipe.arms()) {
            if (arm.recipe() != null) {
                stages.add(train(arm, allFeatures));
            }
            stages.add(eval(arm, arm.recipe() == null ? allFeatures : Set.of(trainingOf(arm))));
        }
        return stages;
    }

    private Stage world() {
        DemoRecipe.World world = recipe.world();
        Arguments arguments = new Arguments("world")
                .with("--out", folder.world())
                .with("--videos", world.train())
                .with("--test", world.test())
                .with("--task", world.task())
                .with("--seed", world.seed())
                .with("--domain", world.domain())
                .with("--partial", world.partial())
                .with("--truncated", world.truncated());
        return child(
                WORLD,
                recipe.seconds().world(),
                Set.of(),
                folder.truth(),
                arguments,
                () -> DemoFolder.count(folder.world().resolve("videos"), ".mp4")
                        / (double) (world.train() + world.test()));
    }

    private Stage features(int part) {
        int videos = recipe.world().train() + recipe.world().test();
        Arguments arguments = new Arguments("features")
                .with("--data", folder.train())
                .with("--data", folder.test())
                .with("--model", model)
                .with("--features", folder.features())
                .with("--part", part + "/" + workers)
                .with("--cost", folder.featureCost(part));
        return child(
                "features-" + part,
                recipe.seconds().features() / workers,
                Set.of(WORLD),
                folder.featureCost(part),
                arguments,
                () -> DemoFolder.count(folder.features(), ".safetensors") / (double) videos);
    }

    private Stage curate(Set<String> features) {
        Arguments arguments = new Arguments(CURATE)
                .with("--data", folder.train())
                .with("--reflections", folder.reflections())
                .with("--difficulty", folder.difficulty())
                .with("--out", folder.selected())
                .with("--report", folder.selection())
                .with("--cost", folder.agentCost())
                .with("--fraction", recipe.selection().fraction())
                .with("--policy", recipe.selection().policy())
                .with("--seed", recipe.seed())
                .with("--settings", folder.recipe())
                .with("--model", model)
                .with("--features", folder.features());
        return child(
                CURATE,
                recipe.seconds().curate(),
                features,
                folder.selection(),
                arguments,
                () -> DemoFolder.lines(folder.difficulty()) / (double) wanted());
    }

    private Stage train(DemoRecipe.Arm arm, Set<String> features) {
        Set<String> needs = new HashSet<>(features);
        switch (arm.data()) {
            case ALL -> {}
            case RANDOM -> needs.add(RANDOM);
            case SELECTED -> needs.add(CURATE);
        }
        List<String> overrides = new ArrayList<>(List.of(
                "model=" + quoted(model),
                "data=" + quoted(folder.data(arm.data())),
                "features=" + quoted(folder.features())));
        new TreeMap<>(recipe.overrides()).forEach((key, value) -> overrides.add(key + "=" + value));
        Recipe read = Recipe.read(source(arm), overrides);
        Arguments arguments = new Arguments(
                        "train", folder.armRecipe(arm.name()).toString(), "--resume")
                .with("--out", folder.arm(arm.name()).path());
        arguments.words.addAll(overrides);
        Stage.Action action = action(trainingOf(arm), arguments);
        int samples = arm.data() == DemoRecipe.Data.ALL ? recipe.world().train() : wanted();
        return new Stage(
                trainingOf(arm),
                arm.seconds(),
                needs,
                folder.arm(arm.name()).compute(),
                () -> {
                    copy(source(arm), folder.armRecipe(arm.name()));
                    action.run();
                },
                () -> DemoFolder.lines(folder.arm(arm.name()).metrics())
                        / (double) read.length().stepsOver(samples));
    }

    private Stage eval(DemoRecipe.Arm arm, Set<String> needs) {
        Path trained = arm.recipe() == null ? model : folder.arm(arm.name()).model();
        Path out = folder.eval(arm.name());
        Arguments arguments = new Arguments("eval")
                .with("--data", folder.test())
                .with("--out", out)
                .with("--model", trained)
                .with("--features", folder.features())
                .with("--max-tokens", recipe.maxTokens());
        return child(
                "eval " + arm.name(),
                recipe.seconds().eval(),
                needs,
                out.resolve("metrics.json"),
                arguments,
                () -> DemoFolder.lines(out.resolve("predictions.jsonl"))
                        / (double) recipe.world().test());
    }

    private void drawRandom() {
        List<Sample> data = Samples.read(folder.train());
        Set<String> drawn = new HashSet<>();
        Selector.shuffled(data, ~recipe.seed()).stream().limit(wanted()).forEach(sample -> drawn.add(sample.id()));
        Samples.write(
                folder.random(),
                data.stream()
                        .filter(sample -> drawn.contains(sample.id()))
                        .map(sample -> Samples.relocate(sample, folder.train(), folder.random()))
                        .toList());
    }

    private int wanted() {
        return SelectionSettings.defaults()
                .withFraction(recipe.selection().fraction())
                .wanted(recipe.world().train());
    }

    private Path source(DemoRecipe.Arm arm) {
        return recipeFile.toAbsolutePath().getParent().resolve(arm.recipe());
    }

    private static String trainingOf(DemoRecipe.Arm arm) {
        return "train " + arm.name();
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private static void copy(Path from, Path to) {
        AtomicFiles.writeString(to, AtomicFiles.readString(from));
    }

    private Stage child(
            String name, double seconds, Set<String> needs, Path marker, Arguments arguments, DoubleSupplier fraction) {
        return new Stage(name, seconds, needs, marker, action(name, arguments), fraction);
    }

    private Stage.Action action(String name, Arguments arguments) {
        Path log = folder.log(name.replace(' ', '-'));
        return () -> {
            long before = log.toFile().length();
            int code = new ChildProcess(
                            program, arguments.words, log.toAbsolutePath().getParent(), 1)
                    .run(log);
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
}
