package org.videotg.training.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.hub.HubModels;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.models.tensor.Placement;
import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.MaskProgress;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.PromptBuilder.VideoEncoder;
import org.videotg.training.data.StepVideos;
import org.videotg.training.data.TrainingData;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.distributed.RankName;
import org.videotg.training.distributed.SingleProcess;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;
import org.videotg.training.recipe.CurriculumSettings;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.GrpoTrainer;
import org.videotg.training.trainer.SftTrainer;
import org.videotg.training.trainer.Trainer;
import org.videotg.training.trainer.WeightUpdater;

/**
 * One training run in this process, or this process's part of a run in several ranks: from a recipe to a model, resumed
 * from the last training checkpoint. The first rank writes what is written once.
 */
public final class TrainingRun {
    /** How long to wait for the folder's lock: the process of a stopped run may still be in its last step. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(2);

    private final TrainingPlan plan;
    private final Recipe recipe;
    private final RunFolder out;
    private final BooleanSupplier stop;
    private final ProcessGroup group;
    /** Measures from the start of the process, so that the first step's cost includes all that precedes it. */
    private final Cost.Meter meter = new Cost.Meter(0, System.nanoTime());

    /** Creates a run in this process alone. */
    public TrainingRun(TrainingPlan plan, BooleanSupplier stop) {
        this(plan, stop, new SingleProcess());
    }

    /**
     * Creates a run whose data have been checked.
     *
     * @param stop checked after every step; if true, in all ranks, a checkpoint is written and the run ends early
     * @param group of the ranks; must outlive the run
     */
    public TrainingRun(TrainingPlan plan, BooleanSupplier stop, ProcessGroup group) {
        this.group = group;
        this.plan = plan;
        this.recipe = plan.recipe();
        this.out = new RunFolder(plan.folder());
        this.stop = stop;
    }

    /**
     * Trains to the end, or until stopped.
     *
     * @return whether the end was reached
     */
    public boolean run(boolean resume) {
        try (FolderLock lock = group.isFirst() ? FolderLock.take(out.path(), LOCK_TIMEOUT) : null) {
            group.await();
            return runLocked(resume);
        }
    }

    private boolean runLocked(boolean resume) {
        out.check(resume);
        Optional<Path> checkpoint = resume ? out.checkpoints().latest() : Optional.empty();
        if (out.isFinished() && checkpoint.isEmpty()) {
            return true;
        }
        Placement placement = group.size() == 1
                ? recipe.compute().placement().resolve()
                : recipe.compute().placement().resolveFor(group.localRank());
        group.use(placement.device());
        try (ModelFolder folder = openModel();
                PointerScope scope = new PointerScope()) {
            Optional<TrainingState> begun = checkpoint.map(TrainingCheckpoints::state);
            requireSame(folder, placement, begun);
            begun.ifPresent(state -> state.fingerprints()
                    .requireSame(fingerprints(folder, placement, out.skipped().keySet()), out.path()));
            if (out.isFinished()) {
                return true;
            }
            // Later than the others' look at the folder, which is the same for all of them.
            if (resume && group.isFirst()) {
                out.cutLogs(
                        begun.map(TrainingState::steps).orElse(0L),
                        begun.map(TrainingState::validation)
                                .map(Validation.Reached::steps)
                                .orElse(-1L));
            }
            try (TrainableModel policy = TrainableModel.open(recipe, folder, checkpoint, placement);
                    ModelWorkers workers = policy.workers(recipe.compute(), group);
                    FeatureCache features = recipe.compute().trainVision()
                            ? null
                            : new FeatureCache(
                                    recipe.featureFolder(out.path()), workers.replica(), folder.preprocessor())) {
                Optional<FeatureCache> cache = Optional.ofNullable(features);
                TrainingVideos.Features readers = new TrainingVideos.Features(folder, cache);
                TrainingVideos videos = TrainingVideos.read(plan, begun.isPresent(), readers, group);
                Optional<TrainingData> validation = Optional.of(recipe)
                        .filter(set -> set.validation() != null && !plan.trial())
                        .map(Validation::read);
                Map<VideoRef, Long> validated = validation
                        .map(samples -> TrainingVideos.ofValidation(samples, readers, group))
                        .orElse(Map.of());
                Map<String, String> skipped = videos.skipped();
                TrainingData data = TrainingData.read(recipe.dataFile(), skipped.keySet());
                TrainingState state =
                        begun.orElseGet(() -> TrainingState.start(fingerprints(folder, placement, skipped.keySet())));
                group.requireSame(Map.of("data", state.fingerprints().data()));
                if (begun.isEmpty() && group.isFirst()) {
                    out.writeSkipped(skipped);
                    manifest(folder, state.fingerprints(), data, placement)
                            .withNote("skippedSamples", String.valueOf(skipped.size()))
                            .write(out.path());
                }
                if (group.size() > 1 && group.isFirst()) {
                    noteRanks();
                }
                Opened opened = new Opened(folder, policy, workers, cache, checkpoint, videos.lengths());
                return steps(opened, data, state, validation.map(samples -> validation(opened, samples, validated)));
            }
        }
    }

    /** What a run has opened before its first step. */
    private record Opened(
            ModelFolder folder,
            TrainableModel policy,
            ModelWorkers workers,
            Optional<FeatureCache> cache,
            Optional<Path> checkpoint,
            Map<VideoRef, Long> lengths) {}

    /** Checks that all ranks have the same inputs and go on from the same step. */
    private void requireSame(ModelFolder folder, Placement placement, Optional<TrainingState> begun) {
        if (group.size() > 1) {
            Map<String, String> skipped = begun.isPresent() ? out.skipped() : plan.skipped();
            Fingerprints mine = fingerprints(folder, placement, skipped.keySet());
            group.requireSame(Map.of(
                    "recipe",
                    mine.recipe(),
                    "data file",
                    mine.data(),
                    "model",
                    mine.model(),
                    "training checkpoint",
                    String.valueOf(begun.map(TrainingState::steps).orElse(0L)),
                    "compute.shard",
                    recipe.compute().shard().id()));
        }
    }

    private void noteRanks() {
        RunManifest.read(out.path())
                .withNote(
                        "ranks", group.names().stream().map(RankName::toString).collect(Collectors.joining(", ")))
                .write(out.path());
    }

    private Validation validation(Opened opened, TrainingData data, Map<VideoRef, Long> lengths) {
        PromptBuilder prompts = new PromptBuilder(
                opened.folder().chat(),
                recipe.prompt(),
                opened.cache()
                        .map(VideoEncoder::frozen)
                        .orElseGet(() -> VideoEncoder.trained(opened.folder().preprocessor())),
                Optional.empty(),
                new MaskProgress(Optional.empty(), 1, Optional.empty()));
        return new Validation(
                new Validation.Parts(
                        opened.workers(),
                        opened.folder(),
                        prompts,
                        example -> lengths.get(example.video()),
                        recipe.promptsTogether()),
                data,
                recipe.validation());
    }

    private boolean steps(Opened opened, TrainingData data, TrainingState state, Optional<Validation> validation) {
        ModelWorkers workers = opened.workers();
        try (StepVideos videos = new StepVideos(opened.folder().preprocessor()::load);
                WeightUpdater updater = new WeightUpdater(workers, recipe.optimizer(), steps(data));
                Model reference = recipe.needsReference() ? opened.policy().reference() : null) {
            opened.checkpoint()
                    .ifPresent(path -> TrainingCheckpoints.restore(path, updater.optimizer(), state.steps()));
            MaskProgress masks = new MaskProgress(
                    Optional.ofNullable(recipe.curriculum()).map(CurriculumSettings::schedule),
                    steps(data),
                    Optional.ofNullable(state.maskRatio()));
            Trainer.Parts parts = new Trainer.Parts(
                    workers,
                    updater,
                    new Trainer.Samples(
                            new BatchOrder(data, recipe.length().prompts(), recipe.seed()),
                            example -> opened.lengths().get(example.video())),
                    prompts(opened, masks, videos),
                    new RowPasses(recipe.compute().headChunk(), recipe.compute().recompute(), workers::layerDone));
            Trainer trainer = recipe.grpo() == null
                    ? new SftTrainer(parts)
                    : new GrpoTrainer(parts, recipe.grpo(), opened.folder(), reference, recipe.seed());
            return new TrainingLoop(
                            new TrainingLoop.Context(plan, steps(data), group, stop, meter),
                            new TrainingLoop.Parts(opened.policy(), workers, updater, masks),
                            validation)
                    .run(trainer, state);
        }
    }

    /** Opens the model to start from; one that is named is downloaded if it is not in the cache. */
    private ModelFolder openModel() {
        return ModelFolder.open(HubModels.folder(recipe.model()), recipe.adapterFolder(), recipe.video());
    }

    private Fingerprints fingerprints(ModelFolder folder, Placement placement, Set<String> skipped) {
        // On the CPU in float32 neither device nor type is part of the hash.
        String settings = recipe.fingerprint();
        String data = Sha256.of(recipe.dataFile());
        if (recipe.validationDecides()) {
            data = Sha256.of(data + Sha256.of(recipe.validation().dataFile()));
        }
        return new Fingerprints(
                placement.equals(Placement.CPU) ? settings : Sha256.of(settings + placement.describe()),
                skipped.isEmpty() ? data : Sha256.of(data + new TreeSet<>(skipped)),
                folder.fingerprint());
    }

    private long steps(TrainingData data) {
        return recipe.length().stepsOver(data.examples().size());
    }

    private PromptBuilder prompts(Opened opened, MaskProgress masks, StepVideos videos) {
        return new PromptBuilder(
                opened.folder().chat(),
                recipe.prompt(),
                encoder(opened, videos),
                Optional.ofNullable(recipe.curriculum()).map(curriculum -> curriculum.curriculum(recipe.seed())),
                masks);
    }

    private VideoEncoder encoder(Opened opened, StepVideos videos) {
        if (opened.cache().isPresent()) {
            return VideoEncoder.frozen(opened.cache().get());
        }
        // Supervised training passes over a video once a step.
        return recipe.grpo() == null
                ? VideoEncoder.trained(opened.folder().preprocessor())
                : VideoEncoder.trained(opened.folder().preprocessor(), videos);
    }

    private RunManifest manifest(ModelFolder folder, Fingerprints now, TrainingData data, Placement placement) {
        String reading = folder.describeVideos();
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
                .withData(
                        recipe.validation() == null
                                ? List.of(recipe.dataFile())
                                : List.of(recipe.dataFile(), recipe.validation().dataFile()))
                .withLibraries(Map.of(
                        "libtorch",
                        String.valueOf(torch.class.getPackage().getImplementationVersion()),
                        "BLAS",
                        NativeRuntime.blas()))
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
