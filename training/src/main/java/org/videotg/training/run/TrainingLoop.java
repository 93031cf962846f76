package org.videotg.training.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.core.run.Stop;
import org.videotg.training.data.MaskProgress;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.distributed.RanksStoppedException;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.GrpoTrainer;
import org.videotg.training.trainer.StepReport;
import org.videotg.training.trainer.Trainer;
import org.videotg.training.trainer.WeightUpdater;

/** The steps of a training, with their log, checkpoints and stops. */
final class TrainingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
    /** How long a stopped rank waits for the end of what is running. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(140);

    private final TrainingPlan plan;
    private final Recipe recipe;
    private final RunFolder out;
    private final ProcessGroup group;
    private final BooleanSupplier stop;
    private final Parts parts;
    private final MaskProgress masks;
    private final Optional<Validation> validation;
    private final long steps;
    private Cost.Meter meter;

    private volatile TrainingState reached;
    /** Steps of the last checkpoint. */
    private volatile long kept;

    /**
     * What checkpoints are made of.
     *
     * @param masks mask ratio over the steps
     */
    record Parts(TrainableModel policy, ModelWorkers workers, WeightUpdater updater, MaskProgress masks) {}

    /**
     * Where and when a loop runs.
     *
     * @param steps of the whole training
     * @param stop checked after every step
     * @param meter measures what the first step costs
     */
    record Context(TrainingPlan plan, long steps, ProcessGroup group, BooleanSupplier stop, Cost.Meter meter) {}

    TrainingLoop(Context context, Parts parts, Optional<Validation> validation) {
        this.plan = context.plan();
        this.recipe = plan.recipe();
        this.out = new RunFolder(plan.folder());
        this.group = context.group();
        this.stop = context.stop();
        this.meter = context.meter();
        this.parts = parts;
        this.masks = parts.masks();
        this.validation = validation;
        this.steps = context.steps();
    }

    /** Returns the progress that the first rank shows. */
    static Progress progress(ProcessGroup group, String label, long total) {
        return group.isFirst() ? Progress.logged(label, total) : Progress.silent();
    }

    /**
     * Trains to the end, or until stopped.
     *
     * @param begin what the last training checkpoint holds
     * @return whether the end was reached
     */
    boolean run(Trainer trainer, TrainingState begin) {
        List<Long> snapshots = recipe.snapshotSteps(steps);
        Progress progress = progress(group, recipe.method().id(), steps);
        LongStream.range(0, begin.steps()).forEach(step -> progress.skip());
        reached = begin;
        kept = begin.steps();
        CountDownLatch left = new CountDownLatch(1);
        String note = "";
        try (RunLog log = group.isFirst() ? new RunLog(out, recipe, begin.steps(), steps) : null;
                Stop.Registration save = Stop.onStop(() -> stopped(log, left))) {
            group.stepsBegin();
            for (long step = begin.steps(); ; step++) {
                try {
                    validate(log);
                    if (ended(reached)) {
                        break;
                    }
                    StepReport report = trainer.step(step);
                    Cost cost = cost(report.rolloutForwards() + report.trainingForwards());
                    double tokensPerSecond = cost.tokenForwards() / Math.max(1e-9, cost.seconds());
                    reached = followed(reached.next(report.rolloutForwards(), cost), report);
                    // The rows after a checkpoint are written again when the run is resumed from it.
                    if (group.isFirst()) {
                        log.append(row(report, tokensPerSecond), report.rollouts());
                    }
                    note = String.format(Locale.ROOT, "%s, %.0f tokens/s", report.summary(), tokensPerSecond);
                    progress.step(note);
                    if (snapshots.contains(step + 1)) {
                        once((policy, trained) -> policy.snapshot(out.snapshot(reached.steps()), trained));
                    }
                    boolean stopped = stop.getAsBoolean() || group.isStopping();
                    boolean ended = ended(reached);
                    if (stopped || ended || (step + 1) % recipe.checkpointEvery() == 0) {
                        writeCheckpoint(log);
                    }
                    if (stopped && !ended) {
                        progress.finish(note);
                        return false;
                    }
                } catch (RanksStoppedException e) {
                    if (reached.steps() > kept) {
                        writeCheckpoint(log);
                    }
                    return false;
                } finally {
                    if (parts.updater().lock().isHeldByCurrentThread()) {
                        parts.updater().lock().unlock();
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
        once((policy, trained) -> finish(policy, trained, spent));
        return true;
    }

    /** Writes what a run leaves at its end. */
    private void finish(TrainableModel policy, Map<String, Tensor> trained, List<ProcessGroup.Spent> spent) {
        if (!plan.trial()) {
            policy.finish(out, trained);
        }
        if (reached.steps() < steps) {
            String note = "after " + reached.steps() + " steps: the "
                    + recipe.stop().by().id() + " had stopped rising";
            LOG.info("ended {}", note);
            RunManifest.read(out.path()).withNote("stopped", note).write(out.path());
        }
        if (reached.validation() != null && recipe.validation().keepBest()) {
            LOG.info(
                    "{} holds the model of the best validation, after {} steps",
                    out.best(),
                    reached.validation().best().steps());
        }
        AtomicFiles.writeString(out.compute(), Json.pretty(total(reached, spent)));
    }

    /** Validates what has been reached, if that is due and has not been done. All ranks call it. */
    private void validate(RunLog log) {
        long done = reached.steps();
        Validation.Reached last = reached.validation();
        if (validation.isEmpty() || !validation.get().isDue(done, steps) || (last != null && last.steps() == done)) {
            return;
        }
        Progress progress = progress(group, "validation", validation.get().size());
        Validation.Scored scored = validation.get().run(id -> progress.step(""));
        progress.finish("");
        // A stop writes what had been reached before.
        parts.updater().lock().lock();
        try {
            reached = validated(scored, log);
            if (ended(reached) && done > kept) {
                writeCheckpoint(log);
            }
        } finally {
            parts.updater().lock().unlock();
        }
    }

    /** Returns the state after a validation, and writes its row and, if that is asked for, the best model. */
    private TrainingState validated(Validation.Scored scored, RunLog log) {
        long done = reached.steps();
        Validation.Reached last = reached.validation();
        Validation.Scores scores = scored.scores();
        Cost cost = cost(scored.tokenForwards());
        boolean best = last == null || scores.miou() > last.best().miou();
        if (best && recipe.validation().keepBest()) {
            once((policy, trained) -> policy.snapshot(out.best(), trained));
        }
        ScoreTrend trend = reached.trend();
        if (recipe.stopsByValidation()) {
            trend = (trend == null ? ScoreTrend.START : trend)
                    .next(scores.miou(), last == null ? 0 : done - last.steps(), recipe.stop());
        }
        if (group.isFirst()) {
            log.validation(done, scores, cost);
            LOG.info(
                    "{}",
                    String.format(
                            Locale.ROOT,
                            "validation after %d steps: mIoU %.3f, R1@0.5 %.3f",
                            done,
                            scores.miou(),
                            scores.r1At05()));
        }
        return reached.validated(
                new Validation.Reached(done, best ? new Validation.Best(scores.miou(), done) : last.best()),
                trend,
                cost);
    }

    /** Returns the cost since it was last asked, of all ranks together; the time is that of this one. */
    private Cost cost(long tokenForwards) {
        Cost mine = meter.cost(tokenForwards);
        meter = Cost.meter();
        double cpuSeconds = group.gather(List.of(mine.cpuSeconds()), Double.class).stream()
                .mapToDouble(rank -> rank.get(0))
                .sum();
        return new Cost(mine.tokenForwards(), cpuSeconds, mine.seconds(), 0);
    }

    /** Has the first rank write something of the model, with the values of the trained parameters. All ranks call it. */
    private void once(BiConsumer<TrainableModel, Map<String, Tensor>> write) {
        group.whileWriting(() -> parts.workers().withValues(trained -> {
            if (group.isFirst()) {
                write.accept(parts.policy(), trained);
            }
        }));
    }

    /** Writes a training checkpoint. All ranks call it. */
    private void writeCheckpoint(RunLog log) {
        if (plan.trial()) {
            return;
        }
        group.whileWriting(() -> parts.workers().withValues(trained -> {
            if (group.isFirst()) {
                log.force();
            }
            Consumer<Path> weights = target -> parts.policy().checkpoint(target, trained);
            if (parts.updater().isSharded()) {
                out.checkpoints().writeShared(reached, weights, parts.updater().optimizer(), group);
            } else if (group.isFirst()) {
                out.checkpoints().write(reached, weights, parts.updater().optimizer());
            }
        }));
        kept = reached.steps();
    }

    /**
     * On a stop, in another thread: a single process writes the checkpoint of the last whole step, and the one that is
     * running is lost. A rank asks the others to stop, which all of them do when they next exchange results.
     */
    private void stopped(RunLog log, CountDownLatch left) {
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
        parts.updater().lock().lock();
        if (reached.steps() > kept) {
            writeCheckpoint(log);
        }
    }

    /** Returns whether no step remains, or the score that is followed has stopped rising. */
    private boolean ended(TrainingState state) {
        return state.steps() >= steps || (state.trend() != null && state.trend().stalled(recipe.stop()));
    }

    /**
     * Returns the state with what follows the reward: its trend, if that may end the run, to which a masked step does
     * not count, and the mask ratio of an adaptive curriculum.
     */
    private TrainingState followed(TrainingState state, StepReport report) {
        boolean masked = masks.ratio(state.steps() - 1) > 0;
        masks.follow(Optional.ofNullable(report.figures().get(GrpoTrainer.HARD_IOU)));
        ScoreTrend trend = state.trend();
        if (recipe.stop() != null && !recipe.stopsByValidation() && !masked) {
            trend = (trend == null ? ScoreTrend.START : trend)
                    .next(report.figures().get("reward"), 1, recipe.stop());
        }
        return state.following(trend, masks.adapted().orElse(null));
    }

    /** Returns the row of metrics of the step that has just been done. */
    private Map<String, Object> row(StepReport report, double tokensPerSecond) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", reached.steps() - 1);
        row.putAll(report.figures());
        if (reached.trend() != null && !recipe.stopsByValidation()) {
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
        if (state.validation() != null) {
            total.put("bestValidation", state.validation().best());
        }
        ProcessUsage.peakBytes().ifPresent(bytes -> total.put("peakMemoryBytes", bytes));
        if (spent.size() > 1) {
            total.put("ranks", spent);
        }
        return total;
    }
}
