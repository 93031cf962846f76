package org.videotg.app.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.inference.LocalModel;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;

/**
 * The demo: renders a small world, runs both agents, then trains and evaluates every arm. A stopped demo can be
 * resumed.
 *
 * @param program main class of the stages' child processes
 * @param out folder of the demo
 * @param model checkpoint that every arm starts from
 * @param workers number of parallel processes
 */
public record Demo(Class<?> program, Path recipeFile, Path out, LocalModel model, int workers) {
    private static final String WORKERS = "workers";
    private static final String WEIGHTS = "weights";

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Runs all stages that are not done.
     *
     * @param messages receives lines of progress
     * @return the table
     * @throws InputException if {@code out} holds another demo, or a stage failed
     */
    public List<String> run(List<String> command, Consumer<String> messages) {
        try (FolderLock lock = FolderLock.take(out, LOCK_TIMEOUT)) {
            return locked(command, messages);
        }
    }

    private List<String> locked(List<String> command, Consumer<String> messages) {
        DemoRecipe recipe = DemoRecipe.read(recipeFile);
        DemoFolder folder = new DemoFolder(out.toAbsolutePath().normalize());
        Path checkpoint = model.path().toAbsolutePath().normalize();
        RunManifest manifest = claim(folder, recipe, command);
        int parts = Integer.parseInt(manifest.notes().get(WORKERS));
        List<Schedule.Stage> stages = new DemoStages(program, recipe, recipeFile, folder, checkpoint, parts).all();
        new Schedule(stages, workers, messages).run();
        List<DemoTable.Row> rows = recipe.arms().stream()
                .map(arm -> DemoTable.Row.of(arm, recipe, folder, parts))
                .toList();
        AtomicFiles.writeString(folder.arms(), Json.pretty(rows));
        List<EvaluationMetrics> metrics = rows.stream()
                .map(row -> EvaluationMetrics.read(folder.eval(row.name())))
                .toList();
        complete(folder, manifest, metrics.get(0), checkpoint);
        return DemoTable.text(rows, metrics);
    }

    /** Returns the manifest of a new demo, or that of the demo to resume, which must have the same recipe and model. */
    private RunManifest claim(DemoFolder folder, DemoRecipe recipe, List<String> command) {
        String weights = model.fingerprint();
        if (Files.exists(folder.path().resolve(RunManifest.FILE))) {
            if (!Files.exists(folder.recipe())
                    || !DemoRecipe.read(folder.recipe()).equals(recipe)) {
                throw new InputException(
                        out + " holds a run with other settings than " + recipeFile + "; choose another --out");
            }
            RunManifest found = RunManifest.read(folder.path());
            if (!found.notes().containsKey(WORKERS)) {
                throw new InputException(out + " holds another kind of run; choose another --out");
            }
            if (!found.notes().getOrDefault(WEIGHTS, weights).equals(weights)) {
                throw new InputException(
                        out + " holds a run with another model than " + model.path() + "; choose another --out");
            }
            return found;
        }
        AtomicFiles.writeString(folder.recipe(), AtomicFiles.readString(recipeFile));
        RunManifest manifest = RunManifest.start(command, Instant.now())
                .withRecipe(
                        Json.MAPPER.valueToTree(recipe),
                        Map.of(
                                "agents and selection",
                                recipe.seed(),
                                "world",
                                recipe.world().seed()))
                .withNote(WORKERS, String.valueOf(workers))
                .withNote(WEIGHTS, weights)
                .withNote("planted truth", "world/truth.jsonl is read by the report alone");
        manifest.write(folder.path());
        return manifest;
    }

    private void complete(DemoFolder folder, RunManifest manifest, EvaluationMetrics metrics, Path checkpoint) {
        ModelIdentity evaluated = metrics.model();
        ModelIdentity identity = new ModelIdentity(
                checkpoint.toString(),
                evaluated.architecture(),
                evaluated.weights(),
                evaluated.preprocessing(),
                evaluated.compute());
        manifest.withModel(identity, PromptTemplate.named(metrics.prompt()), metrics.fps(), metrics.pixelBudget())
                .withData(List.of(folder.train(), folder.test()))
                .write(folder.path());
    }
}
