package org.videotg.app.dryrun;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import org.videotg.app.doctor.Finding;
import org.videotg.app.doctor.Findings;
import org.videotg.core.io.InputException;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.hub.HubModels;
import org.videotg.training.recipe.Recipe;

/**
 * Looks at everything a run needs, and says all that is missing at once.
 *
 * @param out folder of the run
 * @param trial makes a trial of so many steps
 * @param trialSteps real steps to time if nothing is missing, 0 for none; null: two if the model is small
 */
public record DryRun(Recipe recipe, Path out, Machine machine, IntFunction<Trial> trial, Integer trialSteps) {
    private static final double GIB = 1 << 30;
    private static final int FLOAT = 4;
    /** Parameters of a model whose steps are tried unasked. */
    private static final double SMALL = 1e9;

    private static final int TRIAL_STEPS = 2;
    /** Checkpoints on disk while a third is written. */
    private static final int CHECKPOINTS = 3;

    /** All findings; one that depends on another that is bad is left out. */
    public Findings examine() {
        List<Finding> findings = new ArrayList<>();
        Optional<List<Sample>> samples = said(findings, "data", () -> Samples.read(recipe.dataFile()));
        samples.ifPresent(all -> {
            findings.add(DataCheck.samples(recipe, all));
            findings.add(DataCheck.videos(recipe.dataFile(), all));
        });
        boolean data = findings.stream().allMatch(Finding::ok);
        Optional<HubModels.Preview> model = said(findings, "model", () -> HubModels.preview(recipe.model()));
        Optional<ModelFolder.OpenSettings> settings = model.flatMap(preview -> said(
                findings,
                "model",
                () -> ModelFolder.OpenSettings.read(preview.folder(), Optional.empty(), recipe.video())));
        if (settings.isPresent()) {
            ModelConfig config = settings.get().config();
            ParameterCount count = ParameterCount.of(config, recipe);
            findings.add(model(model.get(), config, count));
            if (data) {
                said(findings, "prompts", () -> StepShapes.of(recipe, settings.get(), samples.orElseThrow()))
                        .ifPresent(shapes -> needs(findings, config, count, shapes, samples.orElseThrow()));
            }
        }
        return Findings.of(findings);
    }

    private Finding model(HubModels.Preview preview, ModelConfig config, ParameterCount count) {
        String value = String.format(
                Locale.ROOT,
                "%s (%s, %s parameters, %s of them trained)",
                recipe.model(),
                config.family().modelType(),
                many(count.all()),
                many(count.trained()));
        return preview.complete()
                ? Finding.good("model", value)
                : Finding.bad(
                        "model",
                        value + ", weights not in the cache",
                        "training downloads them; to have them before, ask the model something (./videotg ground VIDEO QUERY --model "
                                + recipe.model() + ")");
    }

    private void needs(
            List<Finding> findings, ModelConfig config, ParameterCount count, StepShapes shapes, List<Sample> samples) {
        findings.add(Finding.good(
                "prompts",
                String.format(
                        Locale.ROOT,
                        "%.0f tokens on average, %.0f at most, %.0f of them visual (%d samples looked at); replies of %.0f tokens%s",
                        shapes.mean().promptTokens(),
                        shapes.longest().promptTokens(),
                        shapes.mean().visualTokens(),
                        shapes.looked(),
                        shapes.mean().replyTokens(),
                        recipe.grpo() == null
                                ? ""
                                : " at most, " + recipe.grpo().group() + " to a prompt")));
        findings.add(memory(MemoryNeed.of(
                config, recipe, count, shapes.longest(), machine.placement().precision())));
        findings.add(disk(count, shapes, samples));
        ComputeNeed step = ComputeNeed.ofStep(config, recipe, count, shapes.mean());
        long steps = recipe.length().stepsOver(samples.size());
        double rate = MatrixSpeed.measure(config.text(), machine.placement());
        findings.add(Finding.good(
                "time, at the least",
                String.format(
                        Locale.ROOT,
                        "%s: %,d steps of %,.0f token-forwards, %,.1f GFLOP each, at %,.1f GFLOP/s (matrix products here, measured now)",
                        duration(steps * step.operations() / rate),
                        steps,
                        step.tokenForwards(),
                        step.operations() / 1e9,
                        rate / 1e9)));
        int tries = trialSteps != null ? trialSteps : count.all() <= SMALL ? TRIAL_STEPS : 0;
        if (tries == 0 || !findings.stream().allMatch(Finding::ok)) {
            findings.add(Finding.good(
                    "time, tried",
                    tries == 0 ? "not tried; --trial 2 times two real steps" : "not tried: something is missing"));
            return;
        }
        said(
                        findings,
                        "time, tried",
                        () -> trial.apply(tries)
                                .run(recipe.dataFile(), samples, recipe.length().prompts()))
                .ifPresent(measured -> findings.add(tried(measured, tries, steps, samples)));
    }

    private Finding tried(Trial.Measured measured, int tries, long steps, List<Sample> samples) {
        double step = measured.secondsPerPrompt() * recipe.length().prompts();
        long videos =
                Samples.videos(recipe.dataFile(), samples).stream().distinct().count();
        double reading = recipe.compute().trainVision() ? 0 : videos * measured.secondsPerVideo();
        return Finding.good(
                "time, tried",
                String.format(
                        Locale.ROOT,
                        "%s: %,d steps of %.2f s, and up to %s to read %,d videos first%s (%d real steps of this recipe, timed now)",
                        duration(steps * step + reading),
                        steps,
                        step,
                        duration(reading),
                        videos,
                        measured.peakMemory().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "; at its peak the process had %.2f GiB",
                                        measured.peakMemory().getAsLong() / GIB)
                                : "",
                        tries));
    }

    private Finding memory(MemoryNeed need) {
        // On the CPU the program itself counts: about what this process, which has loaded the same libraries, has
        // taken.
        long program =
                machine.placement().device().isCpu() ? ProcessUsage.peakBytes().orElse(0) : 0;
        long total = need.total() + program;
        String value = String.format(
                Locale.ROOT,
                "%.2f GiB of %.1f GiB on %s in %s: weights %.2f, gradients %.2f, optimizer %.2f, reference %.2f,"
                        + " activations %.2f, "
                        + "logits %.2f, gradients on their way %.2f, the program %.2f; rollouts %.2f",
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
                need.passing() / GIB,
                program / GIB,
                need.rollouts() / GIB);
        return total <= machine.memory()
                ? Finding.good("memory", value)
                : Finding.bad(
                        "memory",
                        value,
                        "train an adapter (a section lora), lower video.total_pixels, video.max_frames, grpo.group, grpo.maxTokens or"
                                + " compute.headChunk, take a smaller model, or a larger machine");
    }

    private Finding disk(ParameterCount count, StepShapes shapes, List<Sample> samples) {
        double features = recipe.compute().trainVision()
                ? 0
                : Samples.videos(recipe.dataFile(), samples).stream().distinct().count() * shapes.featureBytes();
        double kept = (double) count.trained() * FLOAT * 3 * CHECKPOINTS + (double) count.all() * FLOAT;
        long free = machine.freeDisk().applyAsLong(out);
        String value = String.format(
                Locale.ROOT,
                "%.2f GiB of %.1f GiB free: features %.2f, checkpoints and model %.2f",
                (features + kept) / GIB,
                free / GIB,
                features / GIB,
                kept / GIB);
        return features + kept <= free
                ? Finding.good("disk", value)
                : Finding.bad("disk", value, "make room, or give --out and \"features\" on a larger disk");
    }

    private interface Look<T> {
        T at();
    }

    private static <T> Optional<T> said(List<Finding> findings, String name, Look<T> look) {
        try {
            return Optional.of(look.at());
        } catch (InputException e) {
            findings.add(Finding.bad(name, "can't be used", e.getMessage()));
            return Optional.empty();
        }
    }

    private static String many(long count) {
        return count < 1e9
                ? String.format(Locale.ROOT, "%.1f million", count / 1e6)
                : String.format(Locale.ROOT, "%.2f billion", count / 1e9);
    }

    private static String duration(double seconds) {
        return seconds < 90
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : seconds < 5400
                        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
