package org.videotg.training.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;

/** The folder of a training run. */
public record RunFolder(Path path) {
    /** Returns the trained model in Hugging Face layout; written at the end of the training. */
    public Path model() {
        return path.resolve("model");
    }

    /** Returns the model, or the adapter if one is trained, that was kept after so many steps. */
    public Path snapshot(long steps) {
        return path.resolve("snapshots").resolve(stepName(steps));
    }

    /** Returns the name of a folder with what a run had reached after so many steps. */
    static String stepName(long steps) {
        return String.format(Locale.ROOT, "step-%08d", steps);
    }

    /** Returns the trained adapter, if one is trained, in PEFT's format; {@link #model} has it merged. */
    public Path adapter() {
        return path.resolve("adapter");
    }

    /** Returns the metrics, one row per step. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** Returns replies of the rollouts with their rewards, one row per step or, of a long training, every n-th step. */
    public Path rollouts() {
        return path.resolve("rollouts.jsonl");
    }

    /** Returns the scores of the validations, a row each. */
    public Path validation() {
        return path.resolve("validation.jsonl");
    }

    /** Returns the model, or the adapter if one is trained, of the best validation. */
    public Path best() {
        return path.resolve("best");
    }

    /** Returns the folder of event files for TensorBoard. */
    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    /** Returns the cost of the run; written at the end of the training, after the model. */
    public Path compute() {
        return path.resolve("compute.json");
    }

    /** Returns the list of the samples that the run skips; written before the first step, if there are any. */
    public Path skippedFile() {
        return path.resolve("skipped.jsonl");
    }

    /** A skipped sample. */
    private record Skipped(String id, String problem) {}

    /** Returns the samples that the run skips, by id, with the reason. */
    public Map<String, String> skipped() {
        Map<String, String> skipped = new LinkedHashMap<>();
        if (Files.exists(skippedFile())) {
            for (Jsonl.Row row : Jsonl.read(skippedFile())) {
                Skipped sample = Json.convert(row.node(), Skipped.class, row.where());
                skipped.put(sample.id(), sample.problem());
            }
        }
        return skipped;
    }

    void writeSkipped(Map<String, String> skipped) {
        if (skipped.isEmpty()) {
            AtomicFiles.deleteTree(skippedFile());
        } else {
            Jsonl.write(
                    skippedFile(),
                    skipped.entrySet().stream()
                            .map(sample -> new Skipped(sample.getKey(), sample.getValue()))
                            .toList());
        }
    }

    public TrainingCheckpoints checkpoints() {
        return new TrainingCheckpoints(path.resolve("checkpoints"));
    }

    /** Returns whether a step of the run has been completed. */
    public boolean hasSteps() {
        return Files.exists(metrics()) || checkpoints().latest().isPresent();
    }

    /**
     * Returns whether the run has reached its end.
     *
     * @throws InputException if it is marked as finished but its model or the cost of the run is missing or damaged
     */
    public boolean isFinished() {
        return isFinished(Checksums::problems);
    }

    /**
     * Returns whether the run has reached its end.
     *
     * @param problems compares the files of a folder with its checksums, and says what is wrong
     */
    public boolean isFinished(Function<Path, List<String>> problems) {
        if (!Files.exists(compute())) {
            return false;
        }
        String remedy = "; delete " + compute() + " and resume, to write the model again from the last checkpoint";
        if (!Json.read(compute()).path("steps").isIntegralNumber()) {
            throw new InputException(compute() + " does not state the \"steps\" of a finished run" + remedy);
        }
        if (!Files.exists(model().resolve(Checksums.FILE))
                && checkpoints()
                        .latest()
                        .filter(TrainingCheckpoints::predatesChecksums)
                        .isPresent()) {
            return true;
        }
        if (!Files.exists(model().resolve(Checksums.FILE))) {
            throw new InputException(model() + " is incomplete: " + Checksums.FILE + " is missing" + remedy);
        }
        for (String problem : problems.apply(model())) {
            throw new InputException(problem + remedy);
        }
        return true;
    }

    /** Returns the highest step in the metrics, or -1. */
    public long furthestStep() {
        long furthest = -1;
        for (Jsonl.Row row : JsonlLog.salvage(metrics())) {
            furthest = Math.max(furthest, row.node().path("step").asLong(-1));
        }
        return furthest;
    }

    /**
     * Removes what was logged of steps after the checkpoint, which will be repeated.
     *
     * @param validated steps after which the last validation was that is not repeated, or -1
     */
    void cutLogs(long steps, long validated) {
        cut(metrics(), steps);
        if (Files.exists(rollouts())) {
            cut(rollouts(), steps);
        }
        if (Files.exists(validation())) {
            cut(validation(), validated + 1);
        }
    }

    private static void cut(Path file, long steps) {
        JsonlLog.write(
                file,
                JsonlLog.salvage(file).stream()
                        .map(Jsonl.Row::node)
                        .filter(row -> row.path("step").asLong(-1) < steps)
                        .toList());
    }

    /**
     * Checks that a run can start here; resuming where there is no run starts one.
     *
     * @throws InputException if there is a run that is not to be resumed
     */
    void check(boolean resume) {
        if (!resume && hasSteps()) {
            throw new InputException(path + " holds a run already; continue it with --resume, or choose another --out");
        }
    }
}
