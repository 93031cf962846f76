package org.videotg.training.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.JsonlLog;
import org.videotg.training.recipe.LogSettings;
import org.videotg.training.trainer.RolloutGroup;

/** What a run writes of its steps. */
final class RunLog implements AutoCloseable {
    /** Rows of rollouts that a training has at most, so that their file stays small. */
    private static final int ROLLOUT_ROWS = 1000;

    private static final int TEXT_CHARACTERS = 1000;

    private final JsonlLog metrics;
    private final JsonlLog rollouts;
    private final int prompts;
    private final long rolloutEvery;

    /** @param steps of the whole training */
    RunLog(RunFolder out, LogSettings settings, long steps) {
        this.metrics = JsonlLog.open(out.metrics());
        this.rollouts = JsonlLog.open(out.rollouts());
        this.prompts = settings.prompts();
        this.rolloutEvery = Math.max(1, (steps + ROLLOUT_ROWS - 1) / ROLLOUT_ROWS);
    }

    /**
     * Adds a step. What is written may be lost before {@link #force} is called, as are the steps after a checkpoint.
     *
     * @param row of metrics
     */
    void append(Map<String, Object> row, List<RolloutGroup> groups) {
        metrics.appendUnforced(row);
        long step = (Long) row.get("step");
        if (prompts > 0 && !groups.isEmpty() && step % rolloutEvery == 0) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("step", step);
            told.put(
                    "groups",
                    groups.stream()
                            .limit(prompts)
                            .map(group -> group.shortened(TEXT_CHARACTERS))
                            .toList());
            rollouts.appendUnforced(told);
        }
    }

    void force() {
        metrics.force();
        rollouts.force();
    }

    @Override
    public void close() {
        try (metrics;
                rollouts) {
            force();
        }
    }
}
