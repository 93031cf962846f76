package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.run.Draw;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.method.reward.Reward;
import org.videotg.method.selection.PlantedTruth;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.generate.Generator;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.data.MaskProgress;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.TrainingData;
import org.videotg.training.data.TrainingData.Example;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;

/**
 * Measures what training on each sample brings at the beginning of a training: {@code Influence MODEL WORLD FEATURES
 * [SAMPLES]}, a folder with {@code train.jsonl}, {@code truth.jsonl} and {@code test.jsonl}. For each training sample
 * it computes the gradient of GRPO (8 rollouts, IoU with the annotation, advantages divided by their spread) and its
 * product with the unit gradient of the mean IoU of the test samples: how fast their IoU rises when a step follows that
 * sample (influence by gradients, arXiv 2002.08484, at one checkpoint). It prints the rank correlation with the
 * difficulty, the mean IoU of 4 other rollouts with the annotation, and means by difficulty and by what is annotated. The test
 * samples are divided in halves; how their influences correlate tells the noise that they bring.
 */
public final class Influence {
    private static final int GROUP = 8;
    private static final int RATED = 4;
    private static final int MAX_TOKENS = 24;
    private static final int BINS = 5;
    private static final int RESAMPLES = 2000;
    private static final Reward IOU = Reward.named("iou");

    private final ModelFolder folder;
    private final PromptBuilder prompts;
    private final ModelWorkers workers;

    private Influence(ModelFolder folder, FeatureCache features, ModelWorkers workers) {
        this.folder = folder;
        this.workers = workers;
        this.prompts = new PromptBuilder(
                folder.chat(),
                PromptTemplate.DEFAULT,
                PromptBuilder.VideoEncoder.frozen(features),
                Optional.empty(),
                new MaskProgress(Optional.empty(), 1, Optional.empty()));
    }

    /** What an annotation has of all the times at which the event happens. */
    private enum Annotated {
        /** All of them. */
        COMPLETE,
        /** Some of them, each from its beginning to its end. */
        ONE_OF_SEVERAL,
        /** A part of one. */
        CUT_SHORT;

        static Annotated of(Sample sample, PlantedTruth truth) {
            if (truth.isComplete(sample)) {
                return COMPLETE;
            }
            return truth.intervals().get(sample.id()).containsAll(sample.intervals()) ? ONE_OF_SEVERAL : CUT_SHORT;
        }
    }

    /** A training sample and what is known of it. */
    private record Measured(Annotated annotated, double difficulty, boolean signal, double[] halves) {
        boolean complete() {
            return annotated == Annotated.COMPLETE;
        }

        double influence() {
            return (halves[0] + halves[1]) / 2;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Program.run("Influence MODEL WORLD FEATURES [SAMPLES]", arguments, Influence::run);
    }

    private static void run(String[] arguments) {
        Path world = Path.of(arguments[1]);
        int samples = arguments.length > 3 ? Integer.parseInt(arguments[3]) : Integer.MAX_VALUE;
        List<Example> train = examples(world.resolve("train.jsonl"), samples);
        List<Example> test = examples(world.resolve("test.jsonl"), samples);
        PlantedTruth truth = PlantedTruth.read(world.resolve("truth.jsonl"));
        try (ModelFolder folder = ModelFolder.open(Path.of(arguments[0]), Optional.empty(), VideoOptions.DEFAULT);
                Model model = folder.load(Placement.CPU)) {
            Set<String> trained = model.parameters().all().keySet().stream()
                    .filter(name -> !model.names().isVision(name))
                    .collect(Collectors.toSet());
            try (ModelWorkers workers = new ModelWorkers(model, trained, 1);
                    FeatureCache features =
                            new FeatureCache(Path.of(arguments[2]), workers.replica(), folder.preprocessor())) {
                print(new Influence(folder, features, workers).measure(train, test, truth));
            }
        }
    }

    private static List<Example> examples(Path file, int most) {
        return TrainingData.read(file, Set.of()).examples().stream().limit(most).toList();
    }

    private List<Measured> measure(List<Example> train, List<Example> test, PlantedTruth truth) {
        try (PointerScope scope = new PointerScope()) {
            Progress progress = Progress.logged("samples", (long) train.size() + test.size());
            List<Map<String, Tensor>> directions = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                for (int i = half; i < test.size(); i += 2) {
                    backward(test.get(i), false);
                    progress.step("");
                }
                directions.add(workers.sum(Influence::unit));
                workers.clear();
            }
            List<Measured> measured = new ArrayList<>();
            for (Example example : train) {
                boolean signal = backward(example, true);
                double[] halves = workers.sum(gradients -> directions.stream()
                        .mapToDouble(direction -> product(gradients, direction))
                        .toArray());
                workers.clear();
                Sample sample = example.sample();
                measured.add(new Measured(
                        Annotated.of(sample, truth),
                        Arrays.stream(ious(sample, rollouts(example, RATED, "rated")))
                                .average()
                                .orElse(0),
                        signal,
                        halves));
                progress.step("");
            }
            progress.finish("");
            return measured;
        }
    }

    private List<int[]> rollouts(Example example, int count, String purpose) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PromptBuilder.Prompt prompt = prompts.prompt(workers.replica(), example, 0);
            return new Generator(workers.replica(), folder.endTokens())
                            .generate(
                                    new Generator.Prompt(prompt.prefix(), prompt.visual()),
                                    new Decoding(count, 1, MAX_TOKENS, 1),
                                    Draw.bits(
                                            1,
                                            purpose,
                                            Draw.key(example.sample().id())))
                            .rollouts()
                            .stream()
                            .map(Generator.SampledReply::ids)
                            .toList();
        }
    }

    private double[] ious(Sample sample, List<int[]> rollouts) {
        return rollouts.stream()
                .mapToDouble(ids -> {
                    ParsedReply reply = prompts.template()
                            .read(sample.task(), folder.tokenizer().decode(ids));
                    return IOU.score(sample, reply);
                })
                .toArray();
    }

    /**
     * Adds the gradient of a sample's loss.
     *
     * @return whether its rollouts differ in reward
     */
    private boolean backward(Example example, boolean normalised) {
        List<int[]> rollouts = rollouts(example, GROUP, "rollout");
        double[] rewards = ious(example.sample(), rollouts);
        double mean = Arrays.stream(rewards).average().orElseThrow();
        double spread = Math.sqrt(Arrays.stream(rewards)
                .map(reward -> (reward - mean) * (reward - mean))
                .average()
                .orElseThrow());
        if (spread < 1e-8) {
            return false;
        }
        try (PointerScope scope = new PointerScope()) {
            PromptBuilder.Prompt prompt = prompts.prompt(workers.replica(), example, 0);
            RowPasses.Pass pass = new RowPasses(512, false)
                    .forward(workers.replica(), new PackedRow(prompt.prefix(), rollouts), prompt.visual(), 1);
            List<float[]> gradients = IntStream.range(0, rollouts.size())
                    .mapToObj(i -> {
                        float[] each = new float[rollouts.get(i).length];
                        double advantage = (rewards[i] - mean) / (normalised ? spread + 1e-4 : 1);
                        Arrays.fill(each, (float) (-advantage / rollouts.size()));
                        return each;
                    })
                    .toList();
            pass.backward(gradients);
        }
        return true;
    }

    /** Returns a copy of gradients, divided by their norm. */
    private static Map<String, Tensor> unit(Map<String, Tensor> gradients) {
        double norm = Math.sqrt(product(gradients, gradients));
        Map<String, Tensor> unit = new HashMap<>();
        gradients.forEach((name, gradient) ->
                unit.put(name, Tensors.keep(Tensors.floats(Tensors.toFloats(gradient.flatten()), gradient.numel()))));
        unit.values().forEach(part -> part.div_(new Scalar(norm)));
        return unit;
    }

    private static double product(Map<String, Tensor> left, Map<String, Tensor> right) {
        double sum = 0;
        for (Map.Entry<String, Tensor> part : left.entrySet()) {
            try (PointerScope scope = new PointerScope()) {
                sum += part.getValue()
                        .flatten()
                        .dot(right.get(part.getKey()).flatten())
                        .item_double();
            }
        }
        return sum;
    }

    // ---- what is printed

    private static void print(List<Measured> all) {
        say(
                "%d samples, %d of them complete, %d with signal",
                all.size(), count(all, Measured::complete), count(all, Measured::signal));
        say(
                "rank correlation of the influences by the two halves of the test samples: %.2f",
                correlation(all, one -> one.halves()[0], one -> one.halves()[1]));
        correlation("all samples", all, one -> true);
        correlation("complete", all, Measured::complete);
        correlation("partial", all, one -> !one.complete());
        say("means of the influence with their standard errors, and numbers of samples");
        say("| difficulty (mean IoU) | complete | one of several events | cut short |\n|---|---|---|---|");
        for (int bin = 0; bin < BINS; bin++) {
            double from = bin / (double) BINS;
            double to = (bin + 1) / (double) BINS;
            row(
                    String.format(Locale.ROOT, "%.1f to %.1f", from, to),
                    all.stream()
                            .filter(one -> one.difficulty() >= from && (one.difficulty() < to || to == 1))
                            .toList());
        }
        row("all", all);
    }

    private static void row(String title, List<Measured> samples) {
        say(
                "| %s | %s |",
                title,
                Arrays.stream(Annotated.values())
                        .map(annotated -> mean(samples, one -> one.annotated() == annotated))
                        .collect(Collectors.joining(" | ")));
    }

    private static long count(List<Measured> all, Predicate<Measured> which) {
        return all.stream().filter(which).count();
    }

    private static void correlation(String name, List<Measured> all, Predicate<Measured> which) {
        List<Measured> chosen = all.stream().filter(which).toList();
        double[] drawn = IntStream.range(0, RESAMPLES)
                .mapToDouble(i -> {
                    Random random = Draw.generator(1, "influence", i);
                    return difficultyCorrelation(chosen.stream()
                            .map(any -> chosen.get(random.nextInt(chosen.size())))
                            .toList());
                })
                .sorted()
                .toArray();
        say(
                "rank correlation of difficulty (high is easy) and influence, %s: %+.2f [%+.2f, %+.2f]",
                name, difficultyCorrelation(chosen), drawn[RESAMPLES / 40], drawn[RESAMPLES - RESAMPLES / 40 - 1]);
    }

    private static double difficultyCorrelation(List<Measured> samples) {
        return correlation(samples, Measured::difficulty, Measured::influence);
    }

    private static String mean(List<Measured> all, Predicate<Measured> which) {
        double[] values =
                all.stream().filter(which).mapToDouble(Measured::influence).toArray();
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double error = Math.sqrt(
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
                        / Math.max(1.0, values.length - 1.0)
                        / Math.max(1, values.length));
        return values.length == 0 ? "0" : String.format(Locale.ROOT, "%d, %+.2f ± %.2f", values.length, mean, error);
    }

    private static double correlation(
            List<Measured> samples, ToDoubleFunction<Measured> left, ToDoubleFunction<Measured> right) {
        return RankCorrelation.of(
                samples.stream().mapToDouble(left).toArray(),
                samples.stream().mapToDouble(right).toArray());
    }

    private static void say(String pattern, Object... values) {
        System.out.println(String.format(Locale.ROOT, pattern, values));
    }
}
