package org.videotg.training.data;

import java.util.Optional;
import org.videotg.method.curriculum.MaskSchedule;

/** The mask ratio as training goes on. Safe for use by several threads. */
public final class MaskProgress {
    private final Optional<MaskSchedule> schedule;
    private final long steps;
    private volatile double adapted;

    /**
     * The ratio of a training from its beginning, or from a training checkpoint.
     *
     * @param schedule empty without a curriculum
     * @param steps of the whole training
     * @param adapted what {@link #adapted} returned at the checkpoint
     */
    public MaskProgress(Optional<MaskSchedule> schedule, long steps, Optional<Double> adapted) {
        this.schedule = schedule;
        this.steps = steps;
        this.adapted = adapted.or(() -> schedule.map(MaskSchedule::m0)).orElse(0.0);
    }

    /** Returns the ratio of a step; of an adaptive schedule, of the next step to be done. */
    public double ratio(long step) {
        return schedule.map(each -> Math.min(adapted, each.ratio(step, steps))).orElse(0.0);
    }

    /** Follows a step that has been done, if the schedule is adaptive: {@code iou} is that of the hard samples, if any. */
    public void follow(Optional<Double> iou) {
        if (iou.isPresent() && adapted().isPresent()) {
            adapted = schedule.orElseThrow().adapted(adapted, iou.get(), steps);
        }
    }

    /** Returns what a training checkpoint must keep; empty if the ratio depends on the step alone. */
    public Optional<Double> adapted() {
        return schedule.filter(MaskSchedule::isAdaptive).map(each -> adapted);
    }
}
