package org.videotg.app.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.app.dryrun.ComputeNeed;
import org.videotg.app.dryrun.MemoryNeed;
import org.videotg.app.dryrun.ParameterCount;
import org.videotg.app.dryrun.StepShape;
import org.videotg.app.dryrun.StepShapes;
import org.videotg.app.dryrun.Trial;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.models.ModelFolder;
import org.videotg.models.generate.LocalMllm;
import org.videotg.models.tensor.Placement;
import org.videotg.training.recipe.Recipe;

/** Measures one model: answers in this process, and a GRPO step in a process of its own, as training does. */
final class ModelMeasurer {
    /** What the models of a measuring share. */
    record Setting(Path data, List<Sample> samples, Place place, FreeMemory memory, Results results) {
        Placement placement() {
            return place.placement();
        }

        double peak() {
            return place.peak();
        }
    }

    /**
     * Where models compute.
     *
     * @param peak of matrix products there, in operations per second
     */
    record Place(Placement placement, double peak) {}

    private final String name;
    private final Workload work;
    private final Setting setting;
    private final Recipe recipe;
    private final Path features;
    private final ModelFolder.OpenSettings model;
    private final StepShapes shapes;
    private final ParameterCount count;

    /**
     * Prepares.
     *
     * @param folder checkpoint whose weights may be missing still
     * @param scratch folder for features
     */
    ModelMeasurer(String name, Path folder, Workload work, Setting setting, Path scratch) {
        this.work = work;
        this.setting = setting;
        this.features = scratch;
        this.recipe = work.recipe(folder, setting.data(), false);
        this.model = ModelFolder.OpenSettings.read(folder, Optional.empty(), recipe.video());
        this.shapes = StepShapes.of(recipe, model, setting.samples());
        this.count = ParameterCount.of(model.config(), recipe);
        this.name = count.all() < 1e9
                ? format("%s (%.1f M)", name, count.all() / 1e6)
                : format("%s (%.2f B)", name, count.all() / 1e9);
    }

    /** Returns what measuring it takes. */
    Need need() {
        return Need.of(model.config(), recipe, shapes.longest().promptTokens(), setting.placement(), setting.peak());
    }

    /** Trains two steps: all weights if there is memory for them, else an adapter. */
    void step() {
        Recipe adapter = work.recipe(Path.of(recipe.model()), setting.data(), true);
        long free = setting.memory().free();
        if (setting.memory().fits(estimate(recipe), free)) {
            step(recipe, "all weights");
        } else if (setting.memory().fits(estimate(adapter), free)) {
            step(adapter, "LoRA adapter");
        } else {
            setting.results()
                    .leaveOut(name + " GRPO step", LeftOut.Reason.MEMORY, FreeMemory.explain(estimate(adapter), free));
        }
    }

    private long estimate(Recipe trained) {
        ParameterCount parameters = ParameterCount.of(model.config(), trained);
        return setting.memory()
                .ofProcess(MemoryNeed.of(
                                model.config(),
                                trained,
                                parameters,
                                shapes.longest(),
                                setting.placement().precision())
                        .total());
    }

    private void step(Recipe trained, String what) {
        try (FreeMemory.Watch watch = setting.memory().watch()) {
            Trial.Measured measured = new Trial(trained, Workload.STEPS, 1).run(setting.data(), setting.samples(), 1);
            double tokens = measured.last().getOrDefault("replyTokens", 0.0);
            if (measured.last().getOrDefault("noSignal", 1.0) > 0 || tokens < 1) {
                setting.results()
                        .leaveOut(
                                name + " GRPO step",
                                LeftOut.Reason.FAILURE,
                                "all rollouts were equal, so none was trained on");
                return;
            }
            StepShape mean = shapes.mean();
            StepShape done =
                    new StepShape(1, mean.promptTokens(), mean.visualTokens(), work.group(), tokens, mean.patches());
            ComputeNeed compute =
                    ComputeNeed.ofStep(model.config(), trained, ParameterCount.of(model.config(), trained), done);
            add(Speed.STEP, new Speed.Work(compute.tokenForwards(), compute.operations(), measured.secondsPerPrompt()));
            watch.peak(measured.peakMemory())
                    .ifPresent(peak -> setting.results().add(new StepMemory(name, what, peak, estimate(trained))));
        } catch (InputException e) {
            setting.results().leaveOut(name + " GRPO step", LeftOut.Reason.FAILURE, e.getMessage());
        }
    }

    /** Answers about a video: prefill is an answer of one token, decoding what further tokens take. */
    void answers() {
        long free = setting.memory().free();
        long needed = need().answering();
        if (!setting.memory().fits(needed, free)) {
            setting.results().leaveOut(name + " answers", LeftOut.Reason.MEMORY, FreeMemory.explain(needed, free));
            return;
        }
        Sample sample = setting.samples().get(0);
        PromptTemplate.Text text = recipe.prompt().question(sample);
        Question question =
                new Question(VideoView.whole(Samples.video(setting.data(), sample)), text.before(), text.after());
        try (LocalMllm mllm = LocalMllm.open(model, features, setting.placement())) {
            // The first answer reads the video and warms up.
            mllm.ask(question, Decoding.greedy(1));
            Answer first = fastest(mllm, question, Decoding.greedy(1));
            Answer all = fastest(
                    mllm, question, new Decoding(work.group(), Workload.TEMPERATURE, work.replyTokens() + 1, 1));
            double prompt = first.promptTokens();
            double seconds = first.cost().seconds();
            add(Speed.PREFILL, new Speed.Work(prompt, ComputeNeed.prompt(model.config(), count, prompt), seconds));
            double tokens = all.cost().tokenForwards() - prompt;
            if (tokens > 0 && all.cost().seconds() > seconds) {
                add(
                        Speed.DECODING,
                        new Speed.Work(
                                tokens,
                                ComputeNeed.replies(model.config(), count, prompt, tokens, tokens / work.group()),
                                all.cost().seconds() - seconds));
            }
        }
    }

    private void add(String phase, Speed.Work done) {
        setting.results().add(Speed.of(name, phase, done, setting.peak()));
    }

    private Answer fastest(LocalMllm mllm, Question question, Decoding decoding) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < work.repeats(); i++) {
            answers.add(mllm.ask(question, decoding));
        }
        return answers.stream()
                .reduce((a, b) -> a.cost().seconds() <= b.cost().seconds() ? a : b)
                .orElseThrow();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
