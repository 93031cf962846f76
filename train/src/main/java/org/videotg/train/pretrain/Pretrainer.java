package org.videotg.train.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.random.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.model.Qwen3Vl;
import org.videotg.model.VisualTokens;
import org.videotg.model.checkpoint.ModelFolder;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.preprocess.FeatureCache;
import org.videotg.model.preprocess.SeenVideo;
import org.videotg.model.sequence.PackedRow;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.tensor.Tensors;
import org.videotg.model.vision.VideoFeatures;
import org.videotg.train.optim.AdamW;
import org.videotg.train.optim.AdamWSettings;
import org.videotg.train.optim.GradientClip;
import org.videotg.train.step.ParallelGradients;

/** Pretrains the small model from nothing, stage by stage. A stage is deterministic in (seed, stage, step). */
public final class Pretrainer implements AutoCloseable {
    private final ModelFolder folder;
    private final Qwen3Vl model;
    private final long seed;
    private final int workers;
    private final Path output;

    public Pretrainer(ModelFolder folder, Qwen3Vl model, long seed, int workers, Path output) {
        this.folder = folder;
        this.model = model;
        this.seed = seed;
        this.workers = workers;
        this.output = output;
    }

    private record Item(Path video, String name, List<Sample> tasks) {}

    /** Sums over one video: losses and counts. */
    private record Outcome(double vision, double text, long tokens, double truePositives, double predicted, double actual) {}

    public void run(int stageIndex, PretrainStage stage, Path data) {
        VisionLabels labels = VisionLabels.read(data.resolve("scenes.jsonl"));
        boolean visionOnly = stage.kind() == PretrainStage.Kind.VISION;
        List<Item> items = visionOnly ? List.of() : items(data.resolve("tasks.jsonl"));
        PatchPool pool = visionOnly ? PatchPool.load(folder.preprocessor(), labels, data, GRIDS_A_VIDEO, seed) : null;
        Head head = new Head(model.config().text().hiddenSize(), labels.names().size(), Draw.bits(seed, "head", stageIndex));
        Set<String> trained = new TreeSet<>(model.parameters().all().keySet());
        if (stage.kind() == PretrainStage.Kind.VISION) {
            trained.removeIf(name -> !name.startsWith("model.visual."));
        }
        long started = System.nanoTime();
        Qwen3Vl master = withHead(head);
        Map<String, Tensor> optimised = new LinkedHashMap<>(master.parameters().all());
        optimised.keySet().retainAll(withHeadNames(trained));
        try (ParallelGradients gradients = new ParallelGradients(master, optimised.keySet(), workers);
                AdamW optimizer = new AdamW(optimised, OPTIMIZER)) {
            double[] sums = new double[6];
            for (int step = 0; step < stage.steps(); step++) {
                int now = step;
                List<Integer> batch = IntStream.range(0, stage.batch()).boxed().toList();
                List<Outcome> outcomes = gradients.run(batch, (replica, i) -> {
                    Random random = Draw.generator(seed, "pretrain", stageIndex, now, i);
                    if (pool != null) {
                        return visionOnly(replica, pool, random);
                    }
                    Item item = items.get(random.nextInt(items.size()));
                    return forwardBackward(replica, stage, labels, item, random);
                });
                double norm = gradients.sum(grads -> {
                    grads.values().forEach(g -> g.div_(new Scalar((double) stage.batch())));
                    double before = GradientClip.clip(grads, CLIP);
                    optimizer.step(grads, stage.rate(now));
                    return before;
                });
                gradients.clear();
                for (Outcome o : outcomes) {
                    sums[0] += o.vision() / stage.batch();
                    sums[1] += o.text() / stage.batch();
                    sums[2] += o.tokens();
                    sums[3] += o.truePositives();
                    sums[4] += o.predicted();
                    sums[5] += o.actual();
                }
                if ((step + 1) % 20 == 0) {
                    double seconds = (System.nanoTime() - started) / 1e9;
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("stage", stageIndex);
                    row.put("step", step + 1);
                    row.put("vision", sums[0] / 20);
                    row.put("text", sums[1] / 20);
                    row.put("f1", 2 * sums[3] / Math.max(1, sums[4] + sums[5]));
                    row.put("norm", norm);
                    row.put("rate", stage.rate(step));
                    row.put("tokens", (long) sums[2]);
                    row.put("seconds", seconds);
                    row.put("left", seconds / (step + 1) * (stage.steps() - step - 1));
                    Jsonl.append(output.resolve("pretrain.jsonl"), row);
                    System.err.println(row);
                    sums = new double[6];
                }
                if ((step + 1) % 200 == 0 || step + 1 == stage.steps()) {
                    folder.save(output.resolve("model"), model.parameters());
                }
            }
        }
    }

    private static final String HEAD = "pretrain.head.";
    private Qwen3Vl withHead;

    private Set<String> withHeadNames(Set<String> names) {
        names.add(HEAD + "weight");
        names.add(HEAD + "bias");
        return names;
    }

    private Qwen3Vl withHead(Head head) {
        if (withHead == null) {
            Map<String, Tensor> all = new LinkedHashMap<>(model.parameters().all());
            all.put(HEAD + "weight", head.weight);
            all.put(HEAD + "bias", head.bias);
            withHead = new Qwen3Vl(model.config(), new Parameters("pretraining", all));
        }
        return withHead;
    }

    /** The linear head of the vision loss; thrown away afterwards. */
    private static final class Head {
        private final Tensor weight;
        private final Tensor bias;

        Head(int hidden, int labels, long seed) {
            float[] values = new float[hidden * labels];
            Random random = new Random(seed);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() / Math.sqrt(hidden));
            }
            weight = Tensors.keep(Tensors.floats(values, labels, hidden));
            float[] bias = new float[labels];
            java.util.Arrays.fill(bias, -2);
            this.bias = Tensors.keep(Tensors.floats(bias, labels));
        }
    }

    private static List<Item> items(Path file) {
        Map<String, List<Sample>> byVideo = Samples.read(file).stream()
                .collect(Collectors.groupingBy(Sample::video, LinkedHashMap::new, Collectors.toList()));
        List<Item> items = new ArrayList<>();
        byVideo.forEach((video, tasks) -> items.add(new Item(Samples.resolve(file, tasks.get(0)), video, tasks)));
        return items;
    }

    private static final AdamWSettings OPTIMIZER = new AdamWSettings(0.9, 0.98, 1e-8, 0.01);
    private static final double CLIP = 1;
    private static final int GRIDS_A_VIDEO = 8;
    private static final int GRIDS_AN_ITEM = 32;

    private Outcome visionOnly(Qwen3Vl replica, PatchPool pool, Random random) {
        PatchPool.Batch batch = pool.draw(GRIDS_AN_ITEM, random);
        VideoFeatures features = replica.vision().forward(batch.patches(), GRIDS_AN_ITEM, pool.height(), pool.width());
        double[] counts = new double[3];
        Tensor bce = visionLoss(replica, features, batch.targets(), counts);
        bce.backward();
        return new Outcome(bce.item_double(), 0, 0, counts[0], counts[1], counts[2]);
    }

    private static Tensor visionLoss(Qwen3Vl replica, VideoFeatures features, Tensor targets, double[] counts) {
        long hidden = replica.config().text().hiddenSize();
        long labels = targets.size(1);
        Tensor logits = Tensors.linear(features.merged().mean(1), replica.parameters().get(HEAD + "weight", labels, hidden),
                replica.parameters().get(HEAD + "bias", labels));
        count(logits, targets, counts);
        return torch.binary_cross_entropy_with_logits(logits, targets).mul(new Scalar(10.0));
    }

    private Outcome forwardBackward(Qwen3Vl replica, PretrainStage stage, VisionLabels labels, Item item, Random random) {
        SeenVideo seen = FeatureCache.see(replica.vision(), folder.preprocessor(), item.video());
        double[] times = seen.grids().grids().stream().mapToDouble(g -> g.timestamp()).toArray();
        Tensor loss = Tensors.zeros(1);
        double vision = 0;
        double[] counts = new double[3];
        if (stage.visionWeight() > 0) {
            Tensor targets = Tensors.floats(labels.targets(item.name(), times), times.length, labels.names().size());
            Tensor bce = visionLoss(replica, seen.features(), targets, counts);
            vision = bce.item_double();
            loss = loss.add(bce.mul(new Scalar(stage.visionWeight())));
        }
        double text = 0;
        long tokens = 0;
        if (stage.kind() == PretrainStage.Kind.TASKS) {
            for (int q = 0; q < stage.queries(); q++) {
                Sample sample = draw(item.tasks(), random);
                Tensor one = taskLoss(replica, stage, seen, sample, random).div(new Scalar((double) stage.queries()));
                text += one.item_double();
                loss = loss.add(one);
            }
        }
        loss.backward();
        return new Outcome(vision, text, tokens, counts[0], counts[1], counts[2]);
    }

    /** Half grounding, a third listing, the rest multiple choice, as far as the video has questions of the kind. */
    private static Sample draw(List<Sample> tasks, Random random) {
        double u = random.nextDouble();
        Task kind = u < 0.5 ? Task.VTG : u < 0.83 ? Task.LIST : Task.GQA;
        List<Sample> fitting = tasks.stream().filter(task -> task.task() == kind).toList();
        List<Sample> from = fitting.isEmpty() ? tasks : fitting;
        return from.get(random.nextInt(from.size()));
    }

    private Tensor taskLoss(Qwen3Vl replica, PretrainStage stage, SeenVideo seen, Sample sample, Random random) {
        TemporalGrids grids = seen.grids();
        boolean masked = sample.task() != Task.GQA && random.nextDouble() < stage.maskShare();
        MaskedTruth truth = masked ? MaskedTruth.draw(grids, sample.intervals(), random) : MaskedTruth.whole(sample.intervals());
        VideoFeatures features = seen.features(truth.mask());
        Prefix prefix = folder.chat().untilVideo(PromptTemplate.OWN.beforeVideo(sample.query()), seen.timestamps(truth.mask()),
                features.gridHeight(), features.gridWidth());
        PretrainTasks tasks = PretrainTasks.of(folder.chat(), sample, grids, truth, stage.probes(), random);
        PackedRow row = new PackedRow(prefix, tasks.suffixes());
        Tensor hidden = replica.hidden(row, VisualTokens.of(features));
        List<Integer> predictors = new ArrayList<>();
        List<Integer> targets = new ArrayList<>();
        List<Float> weights = new ArrayList<>();
        for (int g = 0; g < tasks.suffixes().size(); g++) {
            int[] suffix = tasks.suffixes().get(g);
            int[] rows = row.predictors(g);
            int from = tasks.taskTokens().get(g);
            // The end token after yes or no teaches nothing; the mean is over the reply's tokens.
            for (int i = from; i < suffix.length; i++) {
                predictors.add(rows[i]);
                targets.add(suffix[i]);
                weights.add((float) (tasks.weights().get(g) / (suffix.length - from)));
            }
        }
        float[] weight = new float[weights.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weights.get(i);
        }
        Tensor chosen = hidden.index_select(0, Tensors.ids(predictors.stream().mapToInt(Integer::intValue).toArray()));
        Tensor logProbs = replica.logits(chosen).log_softmax(1)
                .gather(1, Tensors.ids(targets.stream().mapToInt(Integer::intValue).toArray()).unsqueeze(1)).squeeze(1);
        return logProbs.mul(Tensors.floats(weight, weight.length)).sum().neg();
    }

    private static void count(Tensor logits, Tensor targets, double[] counts) {
        float[] z = Tensors.toFloats(logits);
        float[] y = Tensors.toFloats(targets);
        for (int i = 0; i < z.length; i++) {
            counts[0] += z[i] > 0 && y[i] > 0 ? 1 : 0;
            counts[1] += z[i] > 0 ? 1 : 0;
            counts[2] += y[i] > 0 ? 1 : 0;
        }
    }

    @Override
    public void close() {
        model.parameters().close();
        folder.close();
    }
}
