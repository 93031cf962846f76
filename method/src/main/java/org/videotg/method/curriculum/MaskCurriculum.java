package org.videotg.method.curriculum;

import java.util.Objects;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;

/**
 * The mask of a sample at a training step. Easy samples are never masked, nor are samples without an annotated
 * interval.
 *
 * @param seed of the draws, together with the sample's id and the step
 */
public record MaskCurriculum(MaskRule plan, long seed) {
    public MaskCurriculum {
        Objects.requireNonNull(plan, "plan");
    }

    /**
     * Returns the mask.
     *
     * @param grids of the sample's video, as the model samples it
     * @param hard whether the sample is marked hard
     * @param step from 0
     * @param ratio of the step, see {@link MaskSchedule#ratio}
     */
    public GridMask mask(Sample sample, TemporalGrids grids, boolean hard, long step, double ratio) {
        if (!hard || ratio == 0 || sample.intervals().isEmpty()) {
            return GridMask.none();
        }
        long key = Draw.key(sample.id());
        VisibleWindow window =
                VisibleWindow.of(sample.intervals(), grids, Draw.uniform(seed, "window-split", key, step));
        return plan.mask(grids, window, ratio, seed, key, step);
    }
}
