package org.videotg.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.VideoNotes;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.training.data.TrainingData;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.SftTrainer;
import org.videotg.video.VideoChecker;

/**
 * The recipe and the command of a training run. The command line makes it once, checks its data and hands it to the
 * training process as {@code plan.json} in the run's folder.
 *
 * @param folder of the run
 * @param command as it was given, for the manifest
 * @param skipped samples that the check of the data leaves out, by id, with the reason
 * @param trial whether only the figures of its steps are kept, and neither checkpoints nor the model are written
 */
public record TrainingPlan(
        Recipe recipe, Path folder, List<String> command, Map<String, String> skipped, boolean trial) {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingPlan.class);
    private static final String FILE = "plan.json";

    public TrainingPlan {
        command = List.copyOf(command);
        skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    }

    /** A plan whose data have not been checked. */
    public TrainingPlan(Recipe recipe, Path folder, List<String> command) {
        this(recipe, folder, command, Map.of(), false);
    }

    /** A plan of a few steps that are timed. */
    public static TrainingPlan trial(Recipe recipe, Path folder) {
        return new TrainingPlan(recipe, folder, List.of(), Map.of(), true);
    }

    /** Other ranks than the first have files of their own if a launcher starts the ranks one by one. */
    private static Path file(Path folder, int rank) {
        return folder.resolve(rank == 0 ? FILE : "plan-of-rank-" + rank + ".json");
    }

    /** Reads a plan in a run's folder, that of all ranks (0) or of one of them. */
    static TrainingPlan read(Path folder, int rank) {
        Path file = file(folder, rank);
        JsonNode plan = Json.read(file);
        List<String> command = new ArrayList<>();
        plan.path("command").forEach(word -> command.add(word.asText()));
        Map<String, String> skipped = new LinkedHashMap<>();
        plan.path("skipped")
                .properties()
                .forEach(
                        sample -> skipped.put(sample.getKey(), sample.getValue().asText()));
        return new TrainingPlan(
                Settings.bind(plan.path("recipe"), Recipe.class, file.toString()),
                folder,
                command,
                skipped,
                plan.path("trial").asBoolean());
    }

    /**
     * Writes the plan into the run's folder, with all defaults and the texts of the prompt template.
     *
     * @param rank that it is for, 0 if for all
     */
    void write(int rank) {
        ObjectNode plan = Json.MAPPER.createObjectNode();
        command.forEach(plan.putArray("command")::add);
        skipped.forEach(plan.putObject("skipped")::put);
        if (trial) {
            plan.put("trial", true);
        }
        plan.set("recipe", Settings.tree(recipe));
        AtomicFiles.writeString(file(folder, rank), Json.pretty(plan));
    }

    /**
     * Checks every sample and its video. A run that goes on from a checkpoint keeps to the samples that it began with:
     * those that it skips stay skipped, even if their videos have been mended, and no others may be missing.
     *
     * @param resume whether the run goes on if there is one
     * @param notes takes what is allowed but probably not intended
     * @return the plan with the samples to skip
     * @throws InputException naming the first sample that can't be trained on, or counting the videos that can't be used;
     *     or if the folder holds a run that is not to be resumed
     */
    public TrainingPlan check(boolean resume, Consumer<String> notes) {
        Path data = recipe.dataFile();
        List<Sample> all = Samples.read(data);
        RunFolder out = new RunFolder(folder);
        out.check(resume);
        boolean begun = resume && out.checkpoints().latest().isPresent();
        Map<String, String> known = begun ? out.skipped() : Map.of();
        List<Sample> left = without(known, all);
        // Features are cached before the first step, which shows what can't be decoded; else training itself would.
        VideoCheck check = new VideoChecker(recipe.compute().trainVision() && !begun).check(data, left);
        Map<String, String> found =
                check.decide(begun ? OnBadVideo.STOP : recipe.onBadVideo(), folder.resolve(VideoCheck.FILE), LOG::warn);
        Map<String, String> skip = new LinkedHashMap<>(known);
        skip.putAll(found);
        List<Sample> samples = without(skip, all);
        note(check, samples);
        problems(recipe, samples).stream().findFirst().ifPresent(problem -> {
            throw new InputException(data + ": " + problem);
        });
        notes(samples).forEach(notes);
        if (recipe.validation() != null) {
            checkValidation(recipe, skip.keySet(), notes);
        }
        return new TrainingPlan(recipe, folder, command, skip, trial);
    }

    /**
     * Checks the samples of a recipe's validation and their videos, which are opened and not decoded.
     *
     * @param skipped ids of samples that are not trained on
     * @param notes takes what is allowed but probably not intended
     * @return the samples
     * @throws InputException naming the first sample that can't be used
     */
    public static List<Sample> checkValidation(Recipe recipe, Set<String> skipped, Consumer<String> notes) {
        Path data = recipe.validation().dataFile();
        TrainingData validation = Validation.read(recipe);
        List<Sample> samples =
                validation.examples().stream().map(TrainingData.Example::sample).toList();
        if (samples.isEmpty()) {
            throw new InputException(data + " has no samples to validate with");
        }
        for (Sample sample : samples) {
            if (sample.intervals().isEmpty()) {
                throw new InputException(data + ": sample \"" + sample.id() + "\" has no intervals to validate with");
            }
            try {
                recipe.prompt().question(sample);
            } catch (InputException e) {
                throw new InputException(data + ": sample \"" + sample.id() + "\": " + e.getMessage(), e);
            }
        }
        Map<String, String> unusable =
                new VideoChecker(false).check(data, samples).unusable();
        unusable.forEach((id, problem) -> {
            throw new InputException(data + ": the videos of " + unusable.size()
                    + " samples can't be used, such as that of \"" + id + "\": " + problem
                    + "; leave them out of \"validation.data\" (videotg convert --videos DIR does)");
        });
        List<Sample> trained = Validation.alsoTrainedOn(validation, TrainingData.read(recipe.dataFile(), skipped));
        if (!trained.isEmpty()) {
            notes.accept("of the " + samples.size() + " samples of the validation, " + trained.size()
                    + " are about videos that are trained on, such as \""
                    + trained.get(0).id()
                    + "\": their scores say little about other videos");
        }
        return samples;
    }

    private static List<Sample> without(Map<String, String> skipped, List<Sample> samples) {
        return samples.stream()
                .filter(sample -> !skipped.containsKey(sample.id()))
                .toList();
    }

    /** Prints the notes on the videos and counts them. */
    private static void note(VideoCheck check, List<Sample> samples) {
        VideoNotes notes = new VideoNotes(LOG::warn);
        samples.forEach(sample -> notes.add(sample.id(), check.notes().getOrDefault(sample.id(), List.of())));
        notes.count();
    }

    private List<String> notes(List<Sample> samples) {
        Path data = recipe.dataFile();
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
