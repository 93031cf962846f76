package org.videotg.app.dryrun;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.videotg.app.doctor.Finding;
import org.videotg.app.doctor.Findings;
import org.videotg.app.doctor.Installation;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.hub.HubName;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.recipe.ValidationSettings;
import org.videotg.training.run.TrainingPlan;
import org.videotg.video.VideoChecker;

/**
 * Checks everything a run needs and reports all that is missing at once.
 *
 * @param out folder of the run
 * @param hub where a model that is given by name is looked up
 */
public record DryRun(Recipe recipe, Path out, Machine machine, HubModels hub, Effort effort) {
    /**
     * How much is tried.
     *
     * @param trialSteps real steps to time if nothing is missing, 0 for none; null: two if the model is small
     * @param deep whether every frame of the videos is decoded
     */
    public record Effort(Integer trialSteps, boolean deep) {}

    private static final double GIB = 1 << 30;
    private static final int FLOAT = 4;
    /** Models of up to this many parameters are tried by default. */
    private static final double SMALL = 1e9;

    private static final int TRIAL_STEPS = 2;
    /** Samples that {@link #memory} looks at. */
    private static final int LONGEST = 100;
    /** Checkpoints on disk while a third is written. */
    private static final int CHECKPOINTS = 3;

    /** Returns a dry run of so many ranks on this machine, with the hub that the environment names. */
    public static DryRun of(Recipe recipe, Path out, Effort effort, int ranks) {
        return new DryRun(recipe, out, Machine.of(recipe, ranks), HubModels.current(), effort);
    }

    /** Returns all findings; checks that depend on a failed one are left out. */
    public Findings examine() {
        List<Finding> findings = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        attempt(findings, "data", () -> Samples.read(recipe.dataFile())).ifPresent(all -> {
            VideoCheck check = new VideoChecker(effort.deep()).check(recipe.dataFile(), all);
            Map<String, String> unusable = check.unusable();
            all.stream().filter(sample -> !unusable.containsKey(sample.id())).forEach(samples::add);
            findings.add(DataCheck.samples(recipe, all));
            findings.add(DataCheck.videos(recipe, check, effort.deep()));
        });
        boolean dataGood = findings.stream().allMatch(Finding::ok);
        Optional<ModelFolder.OpenSettings> model = attempt(findings, "model", () -> model(findings));
        if (dataGood && model.isPresent()) {
            attempt(findings, "prompts", () -> StepShapes.of(recipe, model.get(), samples))
                    .ifPresent(shapes -> needs(findings, model.get().config(), shapes, samples));
        }
        return Findings.of(findings);
    }

    /** Reads the model's configuration, or takes the sizes of a published one that can't be had, and reports it. */
    private ModelFolder.OpenSettings model(List<Finding> findings) {
        HubModels.Preview preview;
        try {
            preview = hub.preview(recipe.model());
        } catch (InputException e) {
            if (!HubName.isValid(recipe.model())) {
                throw e;
            }
            String remedy = e.getMessage() + "; with network access: hf download " + recipe.model()
                    + ", then copy its cache (HF_HOME) here or give its folder";
            ModelConfig config = PublishedSizes.of(recipe.model()).orElseThrow(() -> new InputException(remedy, e));
            String value =
                    describe(config) + ", not here: sizes as published, texts counted by the small model's tokenizer";
            findings.add(Finding.bad("model", value, remedy));
            JsonFields none = new JsonFields(Path.of("video_preprocessor_config.json"), Json.MAPPER.createObjectNode());
            return new ModelFolder.OpenSettings(
                    Installation.current().embeddedModel(),
                    Optional.empty(),
                    // The small model's chat template is not that of this family.
                    Settings.with(recipe.video(), Map.of("chatTemplate", VideoOptions.TemplateCheck.IGNORE)),
                    config,
                    config.family().preprocessor(config, none, recipe.video()));
        }
        ModelFolder.OpenSettings settings =
                ModelFolder.OpenSettings.read(preview.folder(), Optional.empty(), recipe.video());
        String value = describe(settings.config());
        findings.add(
                preview.complete()
                        ? Finding.good("model", value)
                        : Finding.bad(
                                "model",
                                value + ", weights not in the cache",
                                "training downloads the weights; to download them now: hf download " + recipe.model()));
        return settings;
    }

    private String describe(ModelConfig config) {
        ParameterCount count = ParameterCount.of(config, recipe);
        return format(
                "%s (%s, %s parameters, %s of them trained)",
                recipe.model(), config.family().modelType(), rounded(count.all()), rounded(count.trained()));
    }

    private void needs(List<Finding> findings, ModelConfig config, StepShapes shapes, List<Sample> samples) {
        ParameterCount count = ParameterCount.of(config, recipe);
        findings.add(prompts(shapes, samples.size()));
        findings.add(memory(config, shapes));
        ComputeNeed step = ComputeNeed.ofStep(config, recipe, count, shapes.mean());
        long steps = recipe.length().stepsOver(samples.size());
        List<String> notes = new ArrayList<>();
        List<Sample> validated = recipe.validation() == null
                ? List.of()
                : attempt(findings, "validation", () -> TrainingPlan.checkValidation(recipe, Set.of(), notes::add))
                        .orElse(List.of());
        findings.add(disk(count, shapes, featureVideos(samples, validated)));
        if (!validated.isEmpty()) {
            findings.add(validation(steps, step, shapes, validated.size(), notes));
        }
        // Ranks on the CPU share what was measured with all its cores.
        double rate = MatrixSpeed.measure(config.text(), machine.placement())
                * (machine.placement().device().isCpu() ? 1 : machine.ranks());
        findings.add(Finding.good(
                "time, minimum",
                format(
                        "%s: %,d steps of %,.0f token-forwards, %,.1f GFLOP each, at %,.1f GFLOP/s (matrix products, measured now)",
                        duration(steps * step.operations() / rate),
                        steps,
                        step.tokenForwards(),
                        step.operations() / 1e9,
                        rate / 1e9)));
        int tries = effort.trialSteps() != null ? effort.trialSteps() : count.all() <= SMALL ? TRIAL_STEPS : 0;
        if (tries == 0 || !findings.stream().allMatch(Finding::ok)) {
            findings.add(Finding.good(
                    "time, trial",
                    tries == 0 ? "no trial; --trial 2 times two real steps" : "no trial: something is missing"));
            return;
        }
        attempt(
                        findings,
                        "time, trial",
                        () -> new Trial(recipe, tries, machine.ranks())
                                .run(recipe.dataFile(), samples, recipe.length().prompts()))
                .ifPresent(measured -> findings.add(trial(measured, tries, steps, samples)));
    }

    /** Describes the validations; their prompts are taken to be as long as those that are trained on. */
    private Finding validation(long steps, ComputeNeed step, StepShapes shapes, int samples, List<String> notes) {
        List<String> said = new ArrayList<>(notes);
        ValidationSettings settings = recipe.validation();
        double forwards = settings.times(steps) * samples * (shapes.mean().promptTokens() + settings.maxTokens());
        said.add(
                0,
                format(
                        "%d samples, %d times; at most %.1f%% of the token-forwards of the steps",
                        samples, settings.times(steps), 100 * forwards / Math.max(1, steps * step.tokenForwards())));
        return Finding.good("validation", String.join("; ", said));
    }

    private Finding prompts(StepShapes shapes, int samples) {
        String value = format(
                "%.0f tokens on average, %.0f of them visual; %.0f at most (of %d samples); replies of %.0f tokens%s",
                shapes.mean().promptTokens(),
                shapes.mean().visualTokens(),
                shapes.longest().promptTokens(),
                samples,
                shapes.mean().replyTokens(),
                recipe.grpo() == null ? "" : " at most, " + recipe.grpo().group() + " per prompt");
        List<String> problems = shapes.problems();
        return problems.isEmpty()
                ? Finding.good("prompts", value)
                : Finding.bad(
                        "prompts",
                        value,
                        problems.size() + " samples can't be asked about; " + problems.get(0)
                                + "; lower video.total_pixels or video.max_frames, or leave the samples out");
    }

    private Finding trial(Trial.Measured measured, int tries, long steps, List<Sample> samples) {
        double step = measured.secondsPerPrompt() * recipe.length().prompts();
        long videos = videos(samples);
        double reading = recipe.compute().trainVision() ? 0 : videos * measured.secondsPerVideo();
        return Finding.good(
                "time, trial",
                format(
                        "%s: %,d steps of %.2f s, and up to %s to read %,d videos first%s (%d real steps, timed now)",
                        duration(steps * step + reading),
                        steps,
                        step,
                        duration(reading),
                        videos,
                        measured.peakMemory().isPresent()
                                ? format(
                                        "; peak memory of the " + (machine.ranks() == 1 ? "process" : "first rank")
                                                + " %.2f GiB",
                                        measured.peakMemory().getAsLong() / GIB)
                                : "",
                        tries));
    }

    /**
     * Returns the memory that training takes, by the longest of its samples; their videos are opened and not decoded.
     *
     * @param out folder of the run
     */
    public static Finding memory(Recipe recipe, Path out) {
        DryRun run = of(recipe, out, new Effort(0, false), 1);
        List<Finding> findings = new ArrayList<>();
        attempt(findings, "memory", () -> {
                    List<Sample> longest = Samples.read(recipe.dataFile()).stream()
                            .sorted(Comparator.comparingDouble(Sample::duration).reversed())
                            .limit(LONGEST)
                            .toList();
                    ModelFolder.OpenSettings model = run.model(new ArrayList<>());
                    return run.memory(model.config(), StepShapes.of(recipe, model, longest));
                })
                .ifPresent(findings::add);
        return findings.get(0);
    }

    private Finding memory(ModelConfig config, StepShapes shapes) {
        ComputeDtype precision = machine.placement().precision();
        ParameterCount count = ParameterCount.of(config, recipe);
        return memory(MemoryNeed.of(config, recipe, count, shapes.longest(), precision)
                .inRanks(machine.ranks(), recipe, precision));
    }

    private Finding memory(MemoryNeed need) {
        // On the CPU the program itself counts: about what this process, with the same libraries loaded, has taken.
        long program =
                machine.placement().device().isCpu() ? ProcessUsage.peakBytes().orElse(0) : 0;
        boolean shared = machine.placement().device().isCpu();
        int ranks = machine.ranks();
        long total = (need.total() + program) * (shared ? ranks : 1);
        String value = format(
                "%s%.2f GiB of %.1f GiB on %s in %s: weights %.2f, gradients %.2f, optimizer %.2f, reference %.2f,"
                        + " activations %.2f, logits %.2f, gradient buffer %.2f, program %.2f; rollouts %.2f%s",
                ranks == 1 ? "" : shared ? ranks + " ranks together " : "each of " + ranks + " ranks ",
                total / GIB,
                machine.memory() / GIB,
                machine.placement().device(),
                machine.placement().precision(),
                need.weights() / GIB,
                need.gradients() / GIB,
                need.optimizer() / GIB,
                need.reference() / GIB,
                need.activations() / GIB,
                need.logits() / GIB,
                need.gradientBuffer() / GIB,
                program / GIB,
                need.rollouts() / GIB,
                ranks == 1
                        ? ""
                        : format(
                                ", exchange %.2f; in all %.2f a rank",
                                need.exchange() / GIB, (need.total() + program) / GIB));
        return total <= machine.memory()
                ? Finding.good("memory", value)
                : Finding.bad(
                        "memory",
                        value,
                        "train an adapter (section lora); lower video.total_pixels, video.max_frames, grpo.group,"
                                + " grpo.maxTokens or compute.headChunk; or take a smaller model or a larger machine");
    }

    private Finding disk(ParameterCount count, StepShapes shapes, long videos) {
        double features = videos * shapes.featureBytes();
        boolean best = recipe.validation() != null && recipe.validation().keepBest();
        double kept =
                (double) count.trained() * FLOAT * 3 * CHECKPOINTS + (double) count.all() * FLOAT * (best ? 2 : 1);
        long free = machine.freeDisk().applyAsLong(out);
        String value = format(
                "%.2f GiB of %.1f GiB free: features of %,d videos %.2f, checkpoints and model %.2f",
                (features + kept) / GIB, free / GIB, videos, features / GIB, kept / GIB);
        return features + kept <= free
                ? Finding.good("disk", value)
                : Finding.bad("disk", value, "free some space, or put --out and \"features\" on a larger disk");
    }

    /** Returns the number of videos whose features are cached. */
    private long featureVideos(List<Sample> samples, List<Sample> validated) {
        if (recipe.compute().trainVision()) {
            return 0;
        }
        Set<VideoRef> videos = new HashSet<>(Samples.videos(recipe.dataFile(), samples));
        if (!validated.isEmpty()) {
            videos.addAll(Samples.videos(recipe.validation().dataFile(), validated));
        }
        return videos.size();
    }

    private long videos(List<Sample> samples) {
        return Samples.videos(recipe.dataFile(), samples).stream().distinct().count();
    }

    /** Runs a check; bad input becomes a finding. */
    private static <T> Optional<T> attempt(List<Finding> findings, String name, Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (InputException e) {
            findings.add(Finding.bad(name, "can't be used", e.getMessage()));
            return Optional.empty();
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String rounded(long count) {
        return count < 1e9 ? format("%.1f million", count / 1e6) : format("%.2f billion", count / 1e9);
    }

    private static String duration(double seconds) {
        return seconds < 90
                ? format("%.0f s", seconds)
                : seconds < 5400 ? format("%.0f min", seconds / 60) : format("%.1f h", seconds / 3600);
    }
}
