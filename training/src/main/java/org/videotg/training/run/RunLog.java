package org.videotg.training.run;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.JsonlLog;
import org.videotg.training.recipe.LogSettings;
import org.videotg.training.tensorboard.TensorBoardLog;
import org.videotg.training.trainer.RolloutGroup;

/** What a run writes of its steps. */
final class RunLog implements AutoCloseable {
    /** Rows of rollouts that a training has at most, so that their file stays small. */
    private static final int ROLLOUT_ROWS = 1000;

    /** Tables and pictures for TensorBoard, which shows a few of them at a time. */
    private static final int PICTURES = 100;

    private static final int TEXT_CHARACTERS = 1000;

    private final JsonlLog metrics;
    private final JsonlLog rollouts;
    private final Optional<TensorBoardLog> events;
    private final int prompts;
    private final long rolloutEvery;
    private final long pictureEvery;

    /**
     * Opens the files.
     *
     * @param firstStep that is written
     * @param steps of the whole training
     */
    RunLog(RunFolder out, LogSettings settings, long firstStep, long steps) {
        this.metrics = JsonlLog.open(out.metrics());
        this.rollouts = JsonlLog.open(out.rollouts());
        this.events = settings.tensorboard()
                ? Optional.of(new TensorBoardLog(out.tensorboard(), firstStep, Clock.systemUTC()))
                : Optional.empty();
        this.prompts = settings.prompts();
        this.rolloutEvery = interval(steps, ROLLOUT_ROWS);
        this.pictureEvery = interval(steps, PICTURES);
    }

    /** Returns the distance of steps of which there are at most so many. */
    private static long interval(long steps, int most) {
        return Math.max(1, (steps + most - 1) / most);
    }

    /**
     * Adds a step. What is written may be lost before {@link #force} is called, as are the steps after a checkpoint.
     *
     * @param row of metrics
     */
    void append(Map<String, Object> row, List<RolloutGroup> groups) {
        metrics.appendUnforced(row);
        long step = (Long) row.get("step");
        events.ifPresent(log -> log.scalars(step, row));
        List<RolloutGroup> shown = groups.stream()
                .limit(prompts)
                .map(group -> group.shortened(TEXT_CHARACTERS))
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        if (step % rolloutEvery == 0) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("step", step);
            told.put("groups", shown);
            rollouts.appendUnforced(told);
        }
        if (step % pictureEvery == 0) {
            events.ifPresent(log -> log.rollouts(step, shown));
        }
    }

    void force() {
        metrics.force();
        rollouts.force();
        events.ifPresent(TensorBoardLog::force);
    }

    @Override
    public void close() {
        try (TensorBoardLog log = events.orElse(null);
                metrics;
                rollouts) {
            force();
        }
    }
}
