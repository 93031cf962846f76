package org.videotg.smallworld.pretrain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.tensor.Tensors;
import org.videotg.smallworld.pretrain.StageObjective.Metrics;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.AdamWSettings;
import org.videotg.training.optimizer.GradientClip;
import org.videotg.training.run.Fingerprints;
import org.videotg.training.run.TrainingCheckpoints;
import org.videotg.training.run.TrainingState;

/**
 * Pretrains the small model stage by stage. Each stage starts with a new optimizer and writes its weights to
 * {@code stage-N}. A stage is a pure function of the recipe and the weights it starts with; an interrupted one resumes
 * from its newest checkpoint and gives the same weights.
 */
public final class Pretrainer {
    private static final Logger LOG = LoggerFactory.getLogger(Pretrainer.class);

    private static final AdamWSettings OPTIMIZER = new AdamWSettings(0.9, 0.98, 1e-8, 0.01);
    private static final double CLIP = 1;
    private static final int REPORT_EVERY = 20;
    /** Fingerprints of what determined the weights of a finished stage, beside these. */
    private static final String FINGERPRINTS = "fingerprints.json";

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
     * Runs the unfinished stages, then writes {@code model} in Hugging Face layout.
     *
     * @param worlds folder of the rendered worlds
     * @param stop checked after every step; if true, a checkpoint is written and the run ends early
     * @return whether the end was reached
     * @throws org.videotg.core.io.InputException if a finished or interrupted stage was started with other settings
     */
    public boolean run(Path worlds, BooleanSupplier stop) {
        List<String> names = VisionLabels.names(recipe.worlds().stream()
                .map(world -> worlds.resolve(world.name()).resolve("scenes.jsonl"))
                .toList());
        try (Model plain = folder.load(torch.ScalarType.Float);
                Model model = AuxiliaryHeads.attach(plain, names.size(), recipe.seed())) {
            if (!stages(model, worlds, names, stop)) {
                return false;
            }
            folder.save(output.resolve("model"), plain.parameters());
            return true;
        }
    }

    private boolean stages(Model model, Path worlds, List<String> names, BooleanSupplier stop) {
        for (int i = 0; i < recipe.stages().size(); i++) {
            Path end = output.resolve("stage-" + i);
            if (Files.exists(end.resolve(WeightsReader.SINGLE))) {
                if (Files.exists(end.resolve(FINGERPRINTS))) {
                    Json.read(end.resolve(FINGERPRINTS), Fingerprints.class).requireSame(fingerprints(i), output);
                }
                load(model, end);
            } else {
                PretrainStage stage = recipe.stages().get(i);
                List<Path> data = stage.data().stream().map(worlds::resolve).toList();
                try (StageObjective objective = StageObjective.of(
                        stage, data, names, folder, model, output.resolve("features"), recipe.seed())) {
                    if (!stage(model, i, objective, stop)) {
                        return false;
                    }
                }
                AtomicFiles.writeString(end.resolve(FINGERPRINTS), Json.pretty(fingerprints(i)));
                WeightsWriter.DEFAULT.save(end, model.parameters());
            }
        }
        return true;
    }

    private static void load(Model model, Path end) {
        try (ModelParameters saved = WeightsReader.load(end, torch.ScalarType.Float);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().all().forEach((name, tensor) -> {
                if (saved.has(name)) {
                    tensor.copy_(saved.get(name, Tensors.shape(tensor)));
                }
            });
        }
    }

    private boolean stage(Model model, int index, StageObjective objective, BooleanSupplier stop) {
        PretrainStage stage = recipe.stages().get(index);
        Map<String, Tensor> trained = trained(model, stage.kind());
        TrainingCheckpoints checkpoints =
                new TrainingCheckpoints(output.resolve("checkpoints").resolve("stage-" + index));
        Fingerprints fingerprints = fingerprints(index);
        Metrics metrics = new Metrics();
        try (AdamW optimizer = new AdamW(trained, OPTIMIZER)) {
            int begin = restore(checkpoints, fingerprints, model, optimizer);
            long started = System.nanoTime();
            try (ModelWorkers gradients = new ModelWorkers(model, trained.keySet(), recipe.workers())) {
                for (int step = begin; step < stage.steps(); step++) {
                    step(gradients, optimizer, objective, index, step, metrics);
                    if ((step + 1) % REPORT_EVERY == 0) {
                        report(index, stage, begin, step + 1, (System.nanoTime() - started) / 1e9, metrics.means());
                        metrics = new Metrics();
                    }
                    boolean stopped = stop.getAsBoolean();
                    if (stopped || (step + 1) % recipe.checkpointEvery() == 0) {
                        checkpoints.write(
                                new TrainingState(step + 1, fingerprints, 0, Cost.NONE),
                                weights -> WeightsWriter.DEFAULT.save(weights, model.parameters()),
                                optimizer);
                    }
                    if (stopped) {
                        return false;
                    }
                }
            }
        }
        objective.end(model);
        return true;
    }

    private void step(
            ModelWorkers gradients, AdamW optimizer, StageObjective objective, int index, int step, Metrics metrics) {
        PretrainStage stage = recipe.stages().get(index);
        List<Integer> batch = IntStream.range(0, stage.batch()).boxed().toList();
        gradients
                .run(batch, (replica, i) -> {
                    Metrics item = new Metrics();
                    objective
                            .loss(replica, Draw.generator(recipe.seed(), "pretrain", index, step, i), item)
                            .div(new Scalar((double) stage.batch()))
                            .backward();
                    return item;
                })
                .forEach(metrics::add);
        metrics.add("norm", gradients.sum(sums -> {
            double norm = GradientClip.clip(sums, CLIP);
            optimizer.step(sums, stage.rate(step));
            return norm;
        }));
        gradients.clear();
    }

    private static Map<String, Tensor> trained(Model model, PretrainStage.Kind kind) {
        Map<String, Tensor> trained = new LinkedHashMap<>(model.parameters().all());
        // The heads are trained too: frozen at random they would pull the model towards arbitrary directions.
        if (kind == PretrainStage.Kind.VISION) {
            trained.keySet().removeIf(model.names()::isText);
        } else if (kind != PretrainStage.Kind.JOINT) {
            trained.keySet().removeIf(model.names()::isVision);
        }
        return trained;
    }

    /** Returns the fingerprints of what determines a stage's weights: settings, worlds and previous weights. */
    private Fingerprints fingerprints(int index) {
        String before = index == 0
                ? folder.fingerprint()
                : Sha256.of(output.resolve("stage-" + (index - 1)).resolve(WeightsReader.SINGLE));
        return new Fingerprints(
                Sha256.of(recipe.seed() + " " + recipe.workers() + " "
                        + recipe.stages().get(index)),
                Sha256.of(String.valueOf(recipe.worlds())),
                before);
    }

    /** Returns the number of finished steps. */
    private int restore(TrainingCheckpoints checkpoints, Fingerprints fingerprints, Model model, AdamW optimizer) {
        Optional<Path> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            return 0;
        }
        TrainingState state = TrainingCheckpoints.state(latest.get());
        state.fingerprints().requireSame(fingerprints, output);
        load(model, latest.get());
        TrainingCheckpoints.restore(latest.get(), optimizer, state.steps());
        return Math.toIntExact(state.steps());
    }

    private void report(
            int index, PretrainStage stage, int begin, int step, double seconds, Map<String, Object> means) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stage", index);
        row.put("step", step);
        row.put("steps", stage.steps());
        row.putAll(means);
        row.put("rate", stage.rate(step - 1));
        row.put("seconds", Math.rint(seconds));
        row.put("left", Math.rint(seconds / (step - begin) * (stage.steps() - step)));
        try (JsonlLog log = JsonlLog.open(output.resolve("pretrain.jsonl"))) {
            log.append(row);
        }
        LOG.info(Json.line(row));
    }
}
