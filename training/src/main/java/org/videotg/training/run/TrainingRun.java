package org.videotg.training.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.hub.HubModels;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.models.tensor.Placement;
import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.TrainingData;
import org.videotg.training.gradient.ForwardBackward;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.GrpoTrainer;
import org.videotg.training.trainer.SftTrainer;
import org.videotg.training.trainer.StepReport;
import org.videotg.training.trainer.Trainer;
import org.videotg.training.trainer.WeightUpdater;

/** One training run in this process: from a recipe to a model, resumable at any moment. */
public final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    /** How long to wait for the folder's lock: the process of a stopped run may still be in its last step. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(2);

    private final TrainingPlan plan;
    private final Recipe recipe;
    private final RunFolder out;
    private final BooleanSupplier stop;
    private final long started = System.nanoTime();

    /**
     * A run whose data have been checked.
     *
     * @param stop checked after every step; if true, a checkpoint is written and the run ends early
     */
    public TrainingRun(TrainingPlan plan, BooleanSupplier stop) {
        this.plan = plan;
        this.recipe = plan.recipe();
        this.out = new RunFolder(plan.folder());
        this.stop = stop;
    }

    /** Trains in this process, to the end or until stopped, with the data checked first. */
    public static boolean train(TrainingPlan plan, BooleanSupplier stop, boolean resume) {
        plan.check().forEach(note -> LOG.info("note: {}", note));
        return new TrainingRun(plan, stop).run(resume);
    }

    /**
     * Trains to the end, or until stopped.
     *
     * @return whether the end was reached
     */
    public boolean run(boolean resume) {
        try (FolderLock lock = FolderLock.take(out.path(), LOCK_TIMEOUT)) {
            return locked(resume);
        }
    }

    private boolean locked(boolean resume) {
        out.check(resume);
        if (out.finished()) {
            // A training checkpoint that is still there shows whether recipe, data and model are those of this run.
            out.checkpoints().latest().map(Checkpoints::state).ifPresent(state -> {
                try (ModelFolder folder = openModel()) {
                    state.fingerprints()
                            .mustEqual(
                                    fingerprints(
                                            folder, recipe.compute().placement().resolve()),
                                    out.path());
                }
            });
            return true;
        }
        TrainingData data = TrainingData.read(recipe.dataFile());
        Placement placement = recipe.compute().placement().resolve();
        try (ModelFolder folder = openModel();
                PointerScope scope = new PointerScope()) {
            Fingerprints now = fingerprints(folder, placement);
            Optional<Path> checkpoint = resume ? out.checkpoints().latest() : Optional.empty();
            TrainingState state = checkpoint.map(Checkpoints::state).orElse(TrainingState.start(now));
            state.fingerprints().mustEqual(now, out.path());
            if (resume) {
                out.cutMetrics(state.steps());
            }
            if (checkpoint.isEmpty()) {
                manifest(folder, now, data, placement).write(out.path());
            }
            try (TrainedModel policy = TrainedModel.open(recipe, folder, checkpoint, placement);
                    WeightUpdater learner = learner(policy.model(), data, placement)) {
                checkpoint.ifPresent(path -> Checkpoints.restore(path, learner.optimizer(), state.steps()));
                return train(folder, data, policy, learner, state);
            }
        }
    }

    /** Opens the model to start from; one that is named is downloaded if it is not in the cache. */
    private ModelFolder openModel() {
        return ModelFolder.open(HubModels.folder(recipe.model()), recipe.adapterFolder(), recipe.video());
    }

    private Fingerprints fingerprints(ModelFolder folder, Placement placement) {
        return new Fingerprints(fingerprint(placement), Sha256.of(recipe.dataFile()), folder.fingerprint());
    }

    /** Returns the hash of the recipe and of device and dtype; on the CPU in float32, of the recipe alone. */
    private String fingerprint(Placement placement) {
        return placement.equals(Placement.CPU)
                ? recipe.fingerprint()
                : Sha256.of(recipe.fingerprint() + placement.describe());
    }

    private long steps(TrainingData data) {
        return recipe.length().stepsOver(data.examples().size());
    }

    private WeightUpdater learner(Model model, TrainingData data, Placement placement) {
        return new WeightUpdater(model, recipe.compute(), placement.type(), recipe.optimizer(), steps(data));
    }

    private boolean train(
            ModelFolder folder, TrainingData data, TrainedModel policy, WeightUpdater learner, TrainingState begin) {
        try (Model reference = recipe.needsReference() ? policy.reference() : null) {
            Trainer trainer = trainer(folder, data, learner, reference);
            return loop(trainer, policy, learner, begin, steps(data));
        }
    }

    private Trainer trainer(ModelFolder folder, TrainingData data, WeightUpdater learner, Model reference) {
        PromptBuilder.VideoEncoder encoder = recipe.compute().trainVision()
                ? PromptBuilder.VideoEncoder.trained(folder.preprocessor())
                : PromptBuilder.VideoEncoder.frozen(filledCache(folder, data, learner.model()));
        PromptBuilder prompts = new PromptBuilder(
                folder.chat(),
                recipe.prompt(),
                encoder,
                Optional.ofNullable(recipe.curriculum()).map(curriculum -> curriculum.curriculum(recipe.seed())),
                steps(data));
        Trainer.Parts parts = new Trainer.Parts(
                learner,
                new BatchOrder(data, recipe.length().prompts(), recipe.seed()),
                prompts,
                new ForwardBackward(
                        recipe.compute().headChunk(), recipe.compute().recompute()));
        return recipe.grpo() == null
                ? new SftTrainer(parts)
                : new GrpoTrainer(parts, recipe.grpo(), folder, reference, recipe.seed());
    }

    /** Returns the cache filled with every video, so that an unreadable one is reported before training begins. */
    private FeatureCache filledCache(ModelFolder folder, TrainingData data, Model model) {
        FeatureCache cache = new FeatureCache(recipe.featureFolder(out.path()), model, folder.preprocessor());
        Progress progress = Progress.logged("videos", data.videos().size());
        for (VideoRef video : data.videos()) {
            try (PointerScope scope = new PointerScope()) {
                cache.get(video);
            }
            progress.step("");
        }
        return cache;
    }

    private boolean loop(Trainer trainer, TrainedModel policy, WeightUpdater learner, TrainingState begin, long steps) {
        Progress progress = Progress.logged(recipe.method().id(), steps);
        TrainingState state = begin;
        Cost before = Cost.NONE;
        for (long step = 0; step < begin.steps(); step++) {
            progress.skip();
        }
        String note = "";
        for (long step = begin.steps(); step < steps; step++) {
            StepReport report = trainer.step(step);
            long tokens = report.rolloutForwards() + report.trainingForwards();
            Cost sinceStart = new Cost(0, ProcessUsage.cpuSeconds(), (System.nanoTime() - started) / 1e9, 0);
            Cost cost = new Cost(
                    tokens, sinceStart.cpuSeconds() - before.cpuSeconds(), sinceStart.seconds() - before.seconds(), 0);
            before = sinceStart;
            double tokensPerSecond = tokens / Math.max(1e-9, cost.seconds());
            state = state.next(report.rolloutForwards(), cost);
            Jsonl.append(out.metrics(), row(step, report, state.cost(), tokensPerSecond));
            note = String.format(Locale.ROOT, "%s, %.0f tokens/s", report.summary(), tokensPerSecond);
            progress.step(note);
            boolean stopped = stop.getAsBoolean();
            if (stopped || step + 1 == steps || (step + 1) % recipe.checkpointEvery() == 0) {
                out.checkpoints().write(state, policy::checkpoint, learner.optimizer());
            }
            if (stopped && step + 1 < steps) {
                progress.finish(note);
                return false;
            }
        }
        progress.finish(note);
        policy.finish(out);
        AtomicFiles.writeString(out.compute(), Json.pretty(total(state)));
        return true;
    }

    private static Map<String, Object> row(long step, StepReport report, Cost cost, double tokensPerSecond) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.putAll(report.figures());
        row.put("tokensPerSecond", tokensPerSecond);
        row.put("tokenForwards", cost.tokenForwards());
        row.put("cpuSeconds", cost.cpuSeconds());
        row.put("seconds", cost.seconds());
        return row;
    }

    private static Map<String, Object> total(TrainingState state) {
        Map<String, Object> total = new LinkedHashMap<>();
        total.put("steps", state.steps());
        total.put("tokenForwards", state.cost().tokenForwards());
        total.put("rolloutForwards", state.rolloutForwards());
        total.put("trainingForwards", state.trainingForwards());
        total.put("cpuSeconds", state.cost().cpuSeconds());
        total.put("seconds", state.cost().seconds());
        ProcessUsage.peakBytes().ifPresent(bytes -> total.put("peakMemoryBytes", bytes));
        return total;
    }

    private RunManifest manifest(ModelFolder folder, Fingerprints now, TrainingData data, Placement placement) {
        String reading = folder.reading();
        return RunManifest.start(plan.command(), Instant.now())
                .withRecipe(recipe.toJson(), Map.of("training", recipe.seed()))
                .withModel(
                        new ModelIdentity(
                                recipe.modelName(),
                                folder.config().family().modelType(),
                                now.model(),
                                reading,
                                placement.describe()),
                        recipe.prompt(),
                        folder.preprocessor().config().sampling().fps(),
                        folder.preprocessor().config().describeBudget())
                .withData(List.of(recipe.dataFile()))
                .withLibraries(Map.of(
                        "libtorch", String.valueOf(torch.class.getPackage().getImplementationVersion())))
                .withNote("memory", memory(placement.device()))
                .withNote("samples", String.valueOf(data.examples().size()))
                .withNote("steps", String.valueOf(steps(data)));
    }

    /** Describes the memory of the machine and of the GPU at the beginning. */
    private static String memory(Device device) {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        String host = String.format(Locale.ROOT, "%.1f GiB", machine.getTotalMemorySize() / (double) (1 << 30));
        return device.isCpu() ? host : host + "; " + device + ": " + String.join(" | ", NvidiaSmi.gpus());
    }
}
