package org.videotg.training.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.core.run.Stop;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.VideoCheck;
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
import org.videotg.training.data.TrainingData;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.distributed.RankName;
import org.videotg.training.distributed.RanksStoppedException;
import org.videotg.training.distributed.SingleProcess;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;
import org.videotg.training.recipe.CurriculumSettings;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.GrpoTrainer;
import org.videotg.training.trainer.SftTrainer;
import org.videotg.training.trainer.StepReport;
import org.videotg.training.trainer.Trainer;
import org.videotg.training.trainer.WeightUpdater;

/**
 * One training run in this process, or this process's part of a run in several ranks: from a recipe to a model, resumed
 * from the last training checkpoint. The first rank writes what is written once.
 */
public final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    /** How long to wait for the folder's lock: the process of a stopped run may still be in its last step. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(2);
    /** How long a stopped rank waits for the end of what is running. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(140);

    private final TrainingPlan plan;
    private final Recipe recipe;
    private final RunFolder out;
    private final BooleanSupplier stop;
    private final ProcessGroup group;
    /** Measures from the start of the process, so that the first step's cost includes all that precedes it. */
    private Cost.Meter meter = new Cost.Meter(0, System.nanoTime());

    private volatile TrainingState reached;
    /** Steps of the last checkpoint. */
    private volatile long kept;

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
                out.cutLogs(begun.map(TrainingState::steps).orElse(0L));
            }
            try (TrainableModel policy = TrainableModel.open(recipe, folder, checkpoint, placement);
                    ModelWorkers workers = policy.workers(recipe.compute(), group);
                    FeatureCache features = recipe.compute().trainVision()
                            ? null
                            : new FeatureCache(
                                    recipe.featureFolder(out.path()), workers.replica(), folder.preprocessor())) {
                Optional<FeatureCache> cache = Optional.ofNullable(features);
                Map<VideoRef, Long> lengths = new HashMap<>();
                Map<String, String> skipped = skipped(begun.isPresent(), folder, cache, lengths);
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
                return steps(new Opened(folder, policy, workers, cache, checkpoint, lengths), data, state);
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

    private boolean steps(Opened opened, TrainingData data, TrainingState state) {
        ModelWorkers workers = opened.workers();
        try (WeightUpdater updater = new WeightUpdater(workers, recipe.optimizer(), steps(data));
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
                    prompts(opened, masks),
                    new RowPasses(recipe.compute().headChunk(), recipe.compute().recompute(), workers::layerDone));
            Trainer trainer = recipe.grpo() == null
                    ? new SftTrainer(parts)
                    : new GrpoTrainer(parts, recipe.grpo(), opened.folder(), reference, recipe.seed());
            return loop(trainer, new Saver(opened.policy(), workers, updater), state, new Course(steps(data), masks));
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
        return new Fingerprints(
                placement.equals(Placement.CPU) ? settings : Sha256.of(settings + placement.describe()),
                skipped.isEmpty() ? data : Sha256.of(data + new TreeSet<>(skipped)),
                folder.fingerprint());
    }

    private long steps(TrainingData data) {
        return recipe.length().stepsOver(data.examples().size());
    }

    private PromptBuilder prompts(Opened opened, MaskProgress masks) {
        return new PromptBuilder(
                opened.folder().chat(),
                recipe.prompt(),
                opened.cache()
                        .map(PromptBuilder.VideoEncoder::frozen)
                        .orElseGet(() -> PromptBuilder.VideoEncoder.trained(
                                opened.folder().preprocessor())),
                Optional.ofNullable(recipe.curriculum()).map(curriculum -> curriculum.curriculum(recipe.seed())),
                masks);
    }

    /**
     * Fills the cache with every video, and returns the samples to skip: of a run that has begun those that it began
     * without, of a new one those of the plan and, if the recipe says so, those whose video turns out to be unreadable.
     * Several ranks divide the videos first, and then each reads all.
     *
     * @param lengths takes the visual tokens of every video, or its temporal grids where nothing is cached
     * @throws InputException counting the unreadable videos, if their samples must not be skipped
     */
    private Map<String, String> skipped(
            boolean begun, ModelFolder folder, Optional<FeatureCache> cache, Map<VideoRef, Long> lengths) {
        Map<String, String> skipped = new LinkedHashMap<>(begun ? out.skipped() : plan.skipped());
        TrainingData data = TrainingData.read(recipe.dataFile(), skipped.keySet());
        cache.ifPresent(features -> encodeShare(features, data.videos()));
        Map<VideoRef, String> unreadable = new LinkedHashMap<>();
        Progress progress = progress("videos", data.videos().size());
        for (VideoRef video : data.videos()) {
            try (PointerScope scope = new PointerScope()) {
                lengths.put(
                        video,
                        cache.map(features ->
                                        features.get(video).features().merged().size(0))
                                .orElseGet(() -> (long)
                                        folder.preprocessor().grids(video).size()));
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                VideoCheck.requireStill(video);
                LOG.warn("{}", e.getMessage());
                unreadable.put(video, e.getMessage());
            }
            progress.step("");
        }
        progress.finish("");
        if (unreadable.isEmpty()) {
            return skipped;
        }
        String count = unreadable.size() + " of " + data.videos().size() + " videos can't be read to their last frame";
        if (begun || recipe.onBadVideo() == OnBadVideo.STOP) {
            throw new InputException(count
                    + (begun
                            ? ", which they could when the run began; give the files again that it began with"
                            : "; give whole files, or set onBadVideo: skip"));
        }
        data.examples().stream()
                .filter(example -> unreadable.containsKey(example.video()))
                .forEach(example -> skipped.put(example.sample().id(), unreadable.get(example.video())));
        LOG.warn("{}: {} samples are skipped in all; {} lists them", count, skipped.size(), out.skippedFile());
        if (unreadable.size() == data.videos().size()) {
            throw new InputException(count + "; no sample is left");
        }
        return skipped;
    }

    /** Encodes this rank's share of the videos; what can't be read is found afterwards by every rank. */
    private void encodeShare(FeatureCache features, List<VideoRef> videos) {
        for (int i = group.rank(); group.size() > 1 && i < videos.size(); i += group.size()) {
            try (PointerScope scope = new PointerScope()) {
                features.get(videos.get(i));
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                LOG.debug("found again when all videos are read", e);
            }
            group.progress();
        }
        features.force();
        group.await();
    }

    private Progress progress(String label, long total) {
        return group.isFirst() ? Progress.logged(label, total) : Progress.silent();
    }

    /** The steps of the whole training, and the mask ratio over them. */
    private record Course(long steps, MaskProgress masks) {}

    private boolean loop(Trainer trainer, Saver saver, TrainingState begin, Course course) {
        long steps = course.steps();
        List<Long> snapshots = recipe.snapshotSteps(steps);
        Progress progress = progress(recipe.method().id(), steps);
        LongStream.range(0, begin.steps()).forEach(step -> progress.skip());
        reached = begin;
        kept = begin.steps();
        WeightUpdater updater = saver.updater;
        CountDownLatch left = new CountDownLatch(1);
        String note = "";
        try (RunLog log = group.isFirst() ? new RunLog(out, recipe.log(), begin.steps(), steps) : null;
                Stop.Registration save = Stop.onStop(() -> stopped(saver, log, left))) {
            group.stepsBegin();
            for (long step = begin.steps(); !ended(reached, steps); step++) {
                try {
                    StepReport report = trainer.step(step);
                    Cost cost = cost(report);
                    double tokensPerSecond = cost.tokenForwards() / Math.max(1e-9, cost.seconds());
                    reached = followed(reached.next(report.rolloutForwards(), cost), report, course.masks());
                    // The rows after a checkpoint are written again when the run is resumed from it.
                    if (group.isFirst()) {
                        log.append(row(report, tokensPerSecond), report.rollouts());
                    }
                    note = String.format(Locale.ROOT, "%s, %.0f tokens/s", report.summary(), tokensPerSecond);
                    progress.step(note);
                    if (snapshots.contains(step + 1)) {
                        saver.once((policy, trained) -> policy.snapshot(out.snapshot(reached.steps()), trained));
                    }
                    boolean stopped = stop.getAsBoolean() || group.isStopping();
                    boolean ended = ended(reached, steps);
                    if (stopped || ended || (step + 1) % recipe.checkpointEvery() == 0) {
                        saver.write(log);
                    }
                    if (stopped && !ended) {
                        progress.finish(note);
                        return false;
                    }
                } catch (RanksStoppedException e) {
                    if (reached.steps() > kept) {
                        saver.write(log);
                    }
                    return false;
                } finally {
                    if (updater.lock().isHeldByCurrentThread()) {
                        updater.lock().unlock();
                    }
                }
            }
        } finally {
            left.countDown();
        }
        progress.finish(note);
        List<ProcessGroup.Spent> spent = group.gather(List.of(group.spent()), ProcessGroup.Spent.class).stream()
                .flatMap(List::stream)
                .toList();
        saver.once((policy, trained) -> finish(policy, trained, steps, spent));
        return true;
    }

    /** Writes what a run leaves at its end. */
    private void finish(
            TrainableModel policy, Map<String, Tensor> trained, long steps, List<ProcessGroup.Spent> spent) {
        if (!plan.trial()) {
            policy.finish(out, trained);
        }
        if (reached.steps() < steps) {
            RunManifest.read(out.path())
                    .withNote("stopped", "after " + reached.steps() + " steps: the reward had stopped rising")
                    .write(out.path());
        }
        AtomicFiles.writeString(out.compute(), Json.pretty(total(reached, spent)));
    }

    /** Returns the cost of the step that has just been done, of all ranks together; the time is that of this one. */
    private Cost cost(StepReport report) {
        Cost mine = meter.cost(report.rolloutForwards() + report.trainingForwards());
        meter = Cost.meter();
        double cpuSeconds = group.gather(List.of(mine.cpuSeconds()), Double.class).stream()
                .mapToDouble(rank -> rank.get(0))
                .sum();
        return new Cost(mine.tokenForwards(), cpuSeconds, mine.seconds(), 0);
    }

    /** Writes the model and training checkpoints as they are at the step that has been reached. All ranks call it. */
    private final class Saver {
        private final TrainableModel policy;
        private final ModelWorkers workers;
        private final WeightUpdater updater;

        Saver(TrainableModel policy, ModelWorkers workers, WeightUpdater updater) {
            this.policy = policy;
            this.workers = workers;
            this.updater = updater;
        }

        /** Has the first rank write something of the model, with the values of the trained parameters. */
        void once(BiConsumer<TrainableModel, Map<String, Tensor>> write) {
            group.whileWriting(() -> workers.withValues(trained -> {
                if (group.isFirst()) {
                    write.accept(policy, trained);
                }
            }));
        }

        /** Writes a training checkpoint. */
        void write(RunLog log) {
            if (plan.trial()) {
                return;
            }
            group.whileWriting(() -> workers.withValues(trained -> {
                if (group.isFirst()) {
                    log.force();
                }
                Consumer<Path> weights = target -> policy.checkpoint(target, trained);
                if (updater.isSharded()) {
                    out.checkpoints().writeShared(reached, weights, updater.optimizer(), group);
                } else if (group.isFirst()) {
                    out.checkpoints().write(reached, weights, updater.optimizer());
                }
            }));
            kept = reached.steps();
        }
    }

    /**
     * On a stop, in another thread: a single process writes the checkpoint of the last whole step, and the one that is
     * running is lost. A rank asks the others to stop, which all of them do when they next exchange results.
     */
    private void stopped(Saver saver, RunLog log, CountDownLatch left) {
        if (group.size() > 1) {
            group.askToStop();
            try {
                if (!left.await(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("the step takes too long to stop in order; the last checkpoint counts");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        saver.updater.lock().lock();
        if (reached.steps() > kept) {
            saver.write(log);
        }
    }

    /** Returns whether no step remains, or the reward has stopped rising. */
    private boolean ended(TrainingState state, long steps) {
        return state.steps() >= steps || (state.trend() != null && state.trend().stalled(recipe.stop()));
    }

    /**
     * Returns the state with what follows the reward: the trend, if the run may stop early, to which a masked step does
     * not count, and the mask ratio of an adaptive curriculum.
     */
    private TrainingState followed(TrainingState state, StepReport report, MaskProgress masks) {
        boolean masked = masks.ratio(state.steps() - 1) > 0;
        masks.follow(Optional.ofNullable(report.figures().get(GrpoTrainer.HARD_IOU)));
        RewardTrend trend = state.trend();
        if (recipe.stop() != null && !masked) {
            trend = (trend == null ? RewardTrend.START : trend)
                    .next(report.figures().get("reward"), recipe.stop());
        }
        return state.following(trend, masks.adapted().orElse(null));
    }

    /** Returns the row of metrics of the step that has just been done. */
    private Map<String, Object> row(StepReport report, double tokensPerSecond) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", reached.steps() - 1);
        row.putAll(report.figures());
        if (reached.trend() != null) {
            reached.trend().mean(recipe.stop()).ifPresent(mean -> row.put("rewardMean", mean));
            row.put("sinceBest", reached.trend().sinceBest());
        }
        Cost cost = reached.cost();
        row.put("tokensPerSecond", tokensPerSecond);
        row.put("tokenForwards", cost.tokenForwards());
        row.put("cpuSeconds", cost.cpuSeconds());
        row.put("seconds", cost.seconds());
        ProcessUsage.residentBytes().ifPresent(bytes -> row.put("memoryBytes", bytes));
        return row;
    }

    private static Map<String, Object> total(TrainingState state, List<ProcessGroup.Spent> spent) {
        Map<String, Object> total = new LinkedHashMap<>();
        total.put("steps", state.steps());
        total.put("tokenForwards", state.cost().tokenForwards());
        total.put("rolloutForwards", state.rolloutForwards());
        total.put("trainingForwards", state.trainingForwards());
        total.put("cpuSeconds", state.cost().cpuSeconds());
        total.put("seconds", state.cost().seconds());
        ProcessUsage.peakBytes().ifPresent(bytes -> total.put("peakMemoryBytes", bytes));
        if (spent.size() > 1) {
            total.put("ranks", spent);
        }
        return total;
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
                .withData(List.of(recipe.dataFile()))
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
