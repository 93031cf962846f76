package org.videotg.training.run;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.run.Cost;
import org.videotg.training.recipe.LogSettings;
import org.videotg.training.recipe.Recipe;
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
    private final Optional<JsonlLog> validations;
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
    RunLog(RunFolder out, Recipe recipe, long firstStep, long steps) {
        LogSettings settings = recipe.log();
        this.metrics = JsonlLog.open(out.metrics());
        this.rollouts = JsonlLog.open(out.rollouts());
        this.validations = Optional.ofNullable(recipe.validation()).map(set -> JsonlLog.open(out.validation()));
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

    /** Adds the scores of a validation, which may be lost as steps may. */
    void validation(long steps, Validation.Scores scores, Cost cost) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", steps);
        row.put("mIoU", scores.miou());
        row.put("R1@0.5", scores.r1At05());
        events.ifPresent(log -> log.scalars(steps, under("validation/", row)));
        row.put("samples", scores.samples());
        row.put("tokenForwards", cost.tokenForwards());
        row.put("cpuSeconds", cost.cpuSeconds());
        row.put("seconds", cost.seconds());
        validations.orElseThrow().appendUnforced(row);
    }

    private static Map<String, Object> under(String prefix, Map<String, Object> row) {
        Map<String, Object> named = new LinkedHashMap<>();
        row.forEach((name, value) -> named.put(name.equals("step") ? name : prefix + name, value));
        return named;
    }

    void force() {
        metrics.force();
        rollouts.force();
        validations.ifPresent(JsonlLog::force);
        events.ifPresent(TensorBoardLog::force);
    }

    @Override
    public void close() {
        try (TensorBoardLog log = events.orElse(null);
                JsonlLog validation = validations.orElse(null);
                metrics;
                rollouts) {
            force();
        }
    }
}
