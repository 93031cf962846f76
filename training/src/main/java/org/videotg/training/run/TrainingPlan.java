package org.videotg.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.SftTrainer;
import org.videotg.video.ClipCheck;

/**
 * The recipe and the command of a training run. The command line makes it once, checks its data and hands it to the
 * training process as {@code plan.json} in the run's folder.
 *
 * @param folder of the run
 * @param command as it was given, for the manifest
 */
public record TrainingPlan(Recipe recipe, Path folder, List<String> command) {
    private static final String FILE = "plan.json";

    public TrainingPlan {
        command = List.copyOf(command);
    }

    /** Reads the plan in a run's folder. */
    static TrainingPlan read(Path folder) {
        Path file = folder.resolve(FILE);
        JsonNode plan = Json.read(file);
        List<String> command = new ArrayList<>();
        plan.path("command").forEach(word -> command.add(word.asText()));
        return new TrainingPlan(Settings.bind(plan.path("recipe"), Recipe.class, file.toString()), folder, command);
    }

    /** Writes the plan into the run's folder, with all defaults and the texts of the prompt template. */
    void write() {
        ObjectNode plan = Json.MAPPER.createObjectNode();
        command.forEach(plan.putArray("command")::add);
        plan.set("recipe", Settings.tree(recipe));
        AtomicFiles.writeString(folder.resolve(FILE), Json.pretty(plan));
    }

    /**
     * Checks every sample and its video.
     *
     * @return notes on what is allowed but probably not intended
     * @throws InputException naming the first sample that can't be trained on, or the videos that are missing or can't
     * be used
     */
    List<String> check() {
        Path data = recipe.dataFile();
        List<Sample> samples = Samples.read(data);
        VideoCheck.of(data, samples).require(data);
        ClipCheck.requireUsable(Samples.videos(data, samples));
        problems(recipe, samples).stream().findFirst().ifPresent(problem -> {
            throw new InputException(data + ": " + problem);
        });
        List<String> notes = new ArrayList<>();
        if (recipe.curriculum() != null && hard(samples) == 0) {
            notes.add("no sample of " + data + " is marked hard (field \"curation\", which selection writes), so the"
                    + " curriculum masks nothing");
        }
        long empty = samples.stream()
                .filter(sample -> sample.intervals().stream().anyMatch(Interval::isEmpty))
                .count();
        if (empty > 0) {
            notes.add(
                    empty + " of " + samples.size() + " samples of " + data + " have an interval that ends where it"
                            + " starts or before, which no reply can match; convert with --fix reversed,zero-length repairs them");
        }
        return notes;
    }

    /** Returns one message for every sample that the prompt template can't ask, or that has no reply to learn. */
    public static List<String> problems(Recipe recipe, List<Sample> samples) {
        List<String> problems = new ArrayList<>();
        for (Sample sample : samples) {
            try {
                recipe.prompt().question(sample);
                if (recipe.grpo() == null) {
                    SftTrainer.reply(recipe.prompt(), sample);
                }
            } catch (InputException e) {
                problems.add("sample \"" + sample.id() + "\": " + e.getMessage());
            }
        }
        return problems;
    }

    /** Returns the number of samples that are marked hard. */
    public static long hard(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> Curation.of(sample).map(Curation::hard).orElse(false))
                .count();
    }
}
