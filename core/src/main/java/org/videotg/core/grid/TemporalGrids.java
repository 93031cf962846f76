package org.videotg.core.grid;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.videotg.core.sample.Interval;

/**
 * All temporal grids of a video as one model samples it.
 *
 * @param duration of the video in seconds
 * @param grids in order of time, at least one
 */
public record TemporalGrids(double duration, List<TemporalGrid> grids) {
    public TemporalGrids {
        grids = List.copyOf(grids);
        if (grids.isEmpty()) {
            throw new IllegalArgumentException("a video has at least one temporal grid");
        }
    }

    /**
     * Grids from the times of the sampled frames (an odd count repeats the last one). A frame stands for the time until
     * the next one is shown, so the span of a grid lasts from its first frame to that of the grid after it; the first
     * begins at 0.
     *
     * @param frameTimes seconds, ascending
     */
    public static TemporalGrids ofFrameTimes(double[] frameTimes, double duration) {
        int count = (frameTimes.length + 1) / 2;
        double end = Math.max(duration, frameTimes[frameTimes.length - 1]);
        List<TemporalGrid> grids = new ArrayList<>(count);
        double start = 0;
        for (int i = 0; i < count; i++) {
            double first = frameTimes[2 * i];
            double second = frameTimes[Math.min(2 * i + 1, frameTimes.length - 1)];
            double next = i + 1 < count ? frameTimes[2 * i + 2] : end;
            grids.add(new TemporalGrid(i, (first + second) / 2, new Interval(start, next)));
            start = next;
        }
        return new TemporalGrids(end, grids);
    }

    public int size() {
        return grids.size();
    }

    /** Indices of the grids whose span shares more than a point with {@code interval}. */
    public BitSet touching(Interval interval) {
        BitSet touched = new BitSet(size());
        for (TemporalGrid grid : grids) {
            if (grid.span().overlaps(interval)) {
                touched.set(grid.index());
            }
        }
        return touched;
    }
}
