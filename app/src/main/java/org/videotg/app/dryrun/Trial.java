package org.videotg.app.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.recipe.TrainingLength;
import org.videotg.training.run.Launch;
import org.videotg.training.run.RunFolder;
import org.videotg.training.run.Supervisor;
import org.videotg.training.run.TrainingPlan;

/**
 * A few real steps of the run on a few of its samples, in a temporary folder.
 *
 * @param recipe of the run
 * @param steps optimizer steps, at least 2: the first warms up
 * @param ranks processes
 */
public record Trial(Recipe recipe, int steps, int ranks) {
    /** The most prompts of a trial's step. */
    private static final int PROMPTS = 4;

    /**
     * The result.
     *
     * @param secondsPerPrompt of a step
     * @param secondsPerVideo of reading a video and caching its features, with an equal share of the process's start
     * @param peakMemory bytes of the process, where the system reports them
     * @param last figures of the last step
     */
    public record Measured(
            double secondsPerPrompt, double secondsPerVideo, OptionalLong peakMemory, Map<String, Double> last) {}

    /**
     * Runs the steps in a child process, as training does.
     *
     * @throws InputException with the last line of the child if it failed
     */
    public Measured run(Path dataFile, List<Sample> samples, int prompts) {
        try {
            Path folder = Files.createTempDirectory("videotg-dry-run");
            try {
                return in(folder, dataFile, samples, Math.min(PROMPTS * ranks, prompts));
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new InputException(
                    "no temporary folder for the trial (" + e.getMessage()
                            + "); free disk space, or name another folder with -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    private Measured in(Path folder, Path dataFile, List<Sample> samples, int prompts) {
        Path data = folder.resolve("data.jsonl");
        List<Sample> few = samples.subList(0, Math.min(samples.size(), prompts * steps));
        Samples.write(
                data,
                few.stream()
                        .map(sample -> Samples.relocate(sample, dataFile, data))
                        .toList());
        Recipe trial = Settings.with(
                recipe,
                Map.of(
                        "data",
                        data.toString(),
                        "features",
                        folder.resolve("features").toString(),
                        "length",
                        new TrainingLength(steps, 0, prompts, 1),
                        "checkpointEvery",
                        Integer.MAX_VALUE));
        RunFolder out = new RunFolder(folder.resolve("run"));
        List<String> output = new ArrayList<>();
        int code = new Supervisor(
                        TrainingPlan.trial(trial, out.path()),
                        new Launch(ranks, Optional.empty(), OptionalInt.empty()),
                        output::add)
                .run(false);
        if (code != 0) {
            throw new InputException("the trial failed: "
                    + output.stream()
                            .filter(line -> !line.isBlank())
                            .reduce((first, second) -> second)
                            .orElse("without a message"));
        }
        List<JsonNode> rows =
                Jsonl.read(out.metrics()).stream().map(Jsonl.Row::node).toList();
        double first = rows.get(0).path("seconds").asDouble();
        Map<String, Double> last = new LinkedHashMap<>();
        rows.get(rows.size() - 1)
                .properties()
                .forEach(figure -> last.put(figure.getKey(), figure.getValue().asDouble()));
        double step = (last.get("seconds") - first) / (rows.size() - 1);
        long videos = Samples.videos(dataFile, few).stream().distinct().count();
        JsonNode peak = Json.read(out.compute()).path("peakMemoryBytes");
        return new Measured(
                step / prompts,
                Math.max(0, first - step) / videos,
                peak.isNumber() ? OptionalLong.of(peak.asLong()) : OptionalLong.empty(),
                last);
    }
}
