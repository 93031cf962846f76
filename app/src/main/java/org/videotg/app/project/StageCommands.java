package org.videotg.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.ChildProcess;

/**
 * Makes the stages of a cell of command lines. Each runs a command of this program in a child process with one thread.
 *
 * @param launch how child processes are started
 * @param model the cell's base model
 * @param samples that arms train on, and are tested on, for the estimates
 */
record StageCommands(Launch launch, Cell cell, Model model, Counts samples) {
    static final String DRY_RUN = "--dry-run";

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
    record Counts(int train, int test) {
        int all() {
            return train + test;
        }
    }

    Rates rates() {
        return cell.project().rates();
    }

    /**
     * Makes a stage of this cell that needs no other.
     *
     * @param part what tells stages of a kind apart
     * @param outputs as in {@link Stage}
     * @param work CPU seconds beyond those of starting the program, estimated
     */
    Stage own(StageKind kind, String part, Arguments arguments, List<Path> outputs, double work) {
        String stage = kind.id() + part;
        return stage(kind, cell.stage(stage), cell.log(stage), arguments, outputs)
                .costing(rates().start() + work);
    }

    /** Makes a stage whose outputs several cells share. */
    Stage shared(StageKind kind, String part, Arguments arguments, List<Path> outputs) {
        String stage = kind.id() + part;
        String scope = kind == StageKind.WORLD
                ? cell.data().name() + "/seed-" + cell.seed()
                : cell.data().name();
        String name = cell.project().isSingle() ? stage : scope + " " + stage;
        Path log = cell.world().resolveSibling("logs").resolve(stage.replace(' ', '-') + ".log");
        return stage(kind, name, log, arguments, outputs).costing(rates().start());
    }

    private Stage stage(StageKind kind, String name, Path log, Arguments arguments, List<Path> outputs) {
        List<String> words = arguments.words();
        return new Stage(
                kind,
                name,
                words,
                key(words),
                0,
                Set.of(),
                Set.of(),
                outputs,
                () -> run(name, log, arguments.words()),
                () -> 0);
    }

    /** Returns a hash of a stage's settings that does not depend on where the files lie. */
    String key(List<String> words) {
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
        DataSet data = cell.data();
        return data.world() != null
                ? ""
                : Stream.of(data.train(), data.test())
                        .filter(Objects::nonNull)
                        .map(file -> Sha256.of(Path.of(file).toAbsolutePath()))
                        .collect(Collectors.joining());
    }

    private void run(String name, Path log, List<String> words) throws InterruptedException {
        long before = log.toFile().length();
        int code = new ChildProcess(launch.program(), words, log.getParent(), 1).run(log);
        if (code != 0) {
            throw new InputException(
                    "stage \"" + name + "\" failed (exit code " + code + "): " + StageFiles.lastLine(log, before)
                            + "; its output is in " + log + "; run the same command again to resume");
        }
        if (words.contains(DRY_RUN) || words.contains("convert")) {
            // What was found out about the data and the machine, which the user should see.
            StageFiles.lines(log, before).forEach(launch.messages());
        }
    }
}
