package org.videotg.train.pretrain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.random.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.model.Qwen3Vl;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.checkpoint.WeightFiles;
import org.videotg.model.embedded.ModelFolder;
import org.videotg.model.preprocess.FeatureCache;
import org.videotg.model.preprocess.SeenVideo;
import org.videotg.model.tensor.Tensors;
import org.videotg.train.optim.AdamW;
import org.videotg.train.optim.AdamWSettings;
import org.videotg.train.optim.GradientClip;
import org.videotg.train.step.ParallelGradients;

/**
 * Pretrains the small model from nothing, stage by stage; each stage starts with a fresh optimizer and ends with its weights in
 * {@code stage-N}, from which a stopped pretraining goes on. A stage is a pure function of (seed, stage) and what came before.
 */
public final class Pretrainer {
    private static final AdamWSettings OPTIMIZER = new AdamWSettings(0.9, 0.98, 1e-8, 0.01);
    private static final double CLIP = 1;
    private static final int GRIDS_A_VIDEO = 8;
    private static final int GRIDS_AN_ITEM = 32;
    /** Root mean square of visual tokens after the vision stage, about that of text. */
    private static final double VISUAL_SCALE = 0.15;
    private static final int REPORT_EVERY = 20;

    private final ModelFolder folder;
    private final PretrainRecipe recipe;
    private final Path output;

    /** @param folder a checkpoint of random weights */
    public Pretrainer(ModelFolder folder, PretrainRecipe recipe, Path output) {
        this.folder = folder;
        this.recipe = recipe;
        this.output = output;
    }

    /**
     * Runs the stages that have not ended yet, then writes {@code model} in Hugging Face layout.
     *
     * @param worlds folder of the rendered worlds
     */
    public void run(Path worlds) {
        Qwen3Vl bare = folder.load(torch.ScalarType.Float);
        VisionLabels labels = VisionLabels.read(worlds.resolve(recipe.stages().get(0).data().get(0)).resolve("scenes.jsonl"));
        Qwen3Vl model = PretrainHead.attach(bare, labels.names().size(), recipe.seed());
        for (int i = 0; i < recipe.stages().size(); i++) {
            Path end = output.resolve("stage-" + i);
            if (Files.exists(end.resolve(WeightFiles.SINGLE))) {
                load(model, end);
            } else {
                stage(model, i, recipe.stages().get(i).data().stream().map(worlds::resolve).toList());
                WeightFiles.save(end, model.parameters());
            }
        }
        folder.save(output.resolve("model"), bare.parameters());
        model.parameters().close();
        bare.parameters().close();
    }

    private static void load(Qwen3Vl model, Path end) {
        try (Parameters saved = WeightFiles.load(end, torch.ScalarType.Float); PointerScope scope = new PointerScope();
                org.bytedeco.pytorch.NoGradGuard noGrad = new org.bytedeco.pytorch.NoGradGuard()) {
            model.parameters().all().forEach((name, tensor) -> {
                if (saved.has(name)) {
                    tensor.copy_(saved.get(name, Parameters.shapeOf(tensor)));
                }
            });
        }
    }

    private void stage(Qwen3Vl model, int index, List<Path> data) {
        PretrainStage stage = recipe.stages().get(index);
        Objective objective = objective(model, stage, data);
        Map<String, Tensor> trained = new LinkedHashMap<>(model.parameters().all());
        // The heads stay: frozen at random they would teach the model to write to arbitrary directions.
        if (stage.kind() == PretrainStage.Kind.VISION) {
            trained.keySet().removeIf(name -> name.startsWith("model.language_model."));
        } else if (stage.kind() != PretrainStage.Kind.JOINT) {
            trained.keySet().removeIf(name -> name.startsWith("model.visual."));
        }
        long started = System.nanoTime();
        Tally tally = new Tally();
        try (ParallelGradients gradients = new ParallelGradients(model, trained.keySet(), recipe.workers());
                AdamW optimizer = new AdamW(trained, OPTIMIZER)) {
            for (int step = 0; step < stage.steps(); step++) {
                int now = step;
                List<Integer> batch = IntStream.range(0, stage.batch()).boxed().toList();
                gradients.run(batch, (replica, i) -> {
                    Tally item = new Tally();
                    objective.loss(replica, Draw.generator(recipe.seed(), "pretrain", index, now, i), item)
                            .div(new Scalar((double) stage.batch())).backward();
                    return item;
                }).forEach(tally::add);
                tally.add("norm", gradients.sum(sums -> {
                    double norm = GradientClip.clip(sums, CLIP);
                    optimizer.step(sums, stage.rate(now));
                    return norm;
                }));
                gradients.clear();
                if ((step + 1) % REPORT_EVERY == 0) {
                    report(index, stage, step + 1, (System.nanoTime() - started) / 1e9, tally.means());
                    tally = new Tally();
                }
            }
        }
        objective.end(model);
    }

    private void report(int index, PretrainStage stage, int step, double seconds, Map<String, Object> means) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stage", index);
        row.put("step", step);
        row.put("steps", stage.steps());
        row.putAll(means);
        row.put("rate", stage.rate(step - 1));
        row.put("seconds", Math.rint(seconds));
        row.put("left", Math.rint(seconds / step * (stage.steps() - step)));
        Jsonl.append(output.resolve("pretrain.jsonl"), row);
        System.err.println(Json.line(row));
    }

    /** What a stage minimises. */
    private interface Objective {
        /** The loss of one item; drawn with {@code random}. */
        Tensor loss(Qwen3Vl replica, Random random, Tally tally);

        default void end(Qwen3Vl model) {}
    }

    private Objective objective(Qwen3Vl model, PretrainStage stage, List<Path> data) {
        if (stage.kind() == PretrainStage.Kind.VISION) {
            return new Seeing(PatchPool.load(folder.preprocessor(), data, GRIDS_A_VIDEO, recipe.seed()));
        }
        VisionLabels labels = VisionLabels.read(data.get(0).resolve("scenes.jsonl"));
        List<Item> items = items(data.get(0).resolve("tasks.jsonl"));
        if (stage.kind() == PretrainStage.Kind.JOINT) {
            return (replica, random, tally) -> joint(replica, stage, labels, items.get(random.nextInt(items.size())), random, tally);
        }
        FeatureCache cache = new FeatureCache(output.resolve("features"), model.vision(), folder.preprocessor(), model.parameters());
        boolean match = stage.kind() == PretrainStage.Kind.MATCH;
        return (replica, random, tally) -> {
            Item item = items.get(random.nextInt(items.size()));
            SeenVideo seen = cache.get(item.video());
            return match
                    ? MatchObjective.loss(replica, folder.chat(), stage.queries(), labels, item.name(), seen, random, tally)
                    : tasks(replica, stage, labels, seen, item, random, tally);
        };
    }

    /** Stage {@code vision}: grids of many videos, the tower alone. */
    private record Seeing(PatchPool pool) implements Objective {
        @Override
        public Tensor loss(Qwen3Vl replica, Random random, Tally tally) {
            PatchPool.Batch batch = pool.draw(GRIDS_AN_ITEM, random);
            return VisionObjective.loss(replica, replica.vision().forward(batch.patches(), GRIDS_AN_ITEM, pool.height(), pool.width()),
                    batch.targets(), tally);
        }

        @Override
        public void end(Qwen3Vl model) {
            try (PointerScope scope = new PointerScope()) {
                PatchPool.Batch batch = pool.draw(8 * GRIDS_AN_ITEM, Draw.generator(0, "scale"));
                PretrainHead.rescale(model, model.vision().forward(batch.patches(), 8 * GRIDS_AN_ITEM, pool.height(), pool.width()),
                        VISUAL_SCALE);
            }
        }
    }

    private record Item(Path video, String name, List<Sample> questions) {}

    private static List<Item> items(Path file) {
        Map<String, List<Sample>> byVideo = Samples.read(file).stream()
                .collect(Collectors.groupingBy(Sample::video, LinkedHashMap::new, Collectors.toList()));
        List<Item> items = new ArrayList<>();
        byVideo.forEach((video, questions) -> items.add(new Item(Samples.resolve(file, questions.get(0)), video, questions)));
        return items;
    }

    private Tensor tasks(Qwen3Vl replica, PretrainStage stage, VisionLabels labels, SeenVideo seen, Item item, Random random,
            Tally tally) {
        Tensor loss = Tensors.zeros(1);
        for (int q = 0; q < stage.queries(); q++) {
            Sample sample = TaskObjective.draw(item.questions(), random);
            loss = loss.add(TaskObjective.loss(replica, folder.chat(), stage, labels, seen, sample, random, tally));
        }
        return loss.div(new Scalar((double) stage.queries()));
    }

    /** The video decoded anew, through the tower as it is now. */
    private Tensor joint(Qwen3Vl replica, PretrainStage stage, VisionLabels labels, Item item, Random random, Tally tally) {
        SeenVideo seen = FeatureCache.see(replica.vision(), folder.preprocessor(), item.video());
        double[] times = TaskObjective.times(seen.grids());
        Tensor targets = Tensors.floats(labels.targets(item.name(), times), times.length, labels.names().size());
        return VisionObjective.loss(replica, seen.features(), targets, tally).mul(new Scalar(stage.visionWeight()))
                .add(tasks(replica, stage, labels, seen, item, random, tally));
    }
}
