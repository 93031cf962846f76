package org.videotg.method.curriculum;

import java.util.BitSet;
import java.util.List;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;

/**
 * The part of a video that is never masked: the annotation's hull A plus a context as long as the longer of 3 |A| and
 * 4 grids. The fraction {@code split} of the context lies before A and the rest after it, so that the window does not
 * reveal the position of A. Context that does not fit on one side of A goes to the other side. Defined by this project.
 *
 * <p>The IoU of a model that exploits the borders only: where the context fits, the window itself has an IoU of
 * |A| / 4|A| = .25 or less. If 4|A| is more than the video, the window is the whole video: nothing can be masked, so
 * nothing leaks, but "the whole video" then has an IoU of |A| / D, which is above .40 for an annotation longer than .40
 * D and above .50 for one longer than half of the video. No context can help there.
 *
 * @param span the window in seconds, inside the video
 * @param hull from the annotation's first start to its last end, inside the video, seconds
 * @param split share of the context before the annotation, in [0, 1]
 */
public record VisibleWindow(Interval span, Interval hull, double split) {
    private static final double CONTEXT_LENGTHS = 3;
    private static final double CONTEXT_GRIDS = 4;

    /**
     * The window of an annotation.
     *
     * @param annotated at least one interval, seconds; reversed ones count from the smaller to the larger bound
     * @param split uniform in [0, 1), drawn from seed, sample and step
     */
    public static VisibleWindow of(List<Interval> annotated, TemporalGrids grids, double split) {
        if (annotated.isEmpty() || !(split >= 0 && split <= 1)) {
            throw new IllegalArgumentException("a window needs an annotation and a split in [0, 1], not " + split);
        }
        double duration = grids.duration();
        Interval hull = new Interval(
                        annotated.stream()
                                .mapToDouble(a -> Math.min(a.start(), a.end()))
                                .min()
                                .orElseThrow(),
                        annotated.stream()
                                .mapToDouble(a -> Math.max(a.start(), a.end()))
                                .max()
                                .orElseThrow())
                .clamp(duration);
        double context = Math.max(CONTEXT_LENGTHS * hull.length(), CONTEXT_GRIDS * duration / grids.size());
        double start = hull.start() - split * context;
        double end = hull.end() + (1 - split) * context;
        if (start < 0) {
            end -= start;
            start = 0;
        }
        if (end > duration) {
            start = Math.max(0, start - (end - duration));
            end = duration;
        }
        return new VisibleWindow(new Interval(start, end), hull, split);
    }

    /** Indices of the grids that may be masked: those that do not touch the window. */
    public BitSet maskable(TemporalGrids grids) {
        BitSet outside = new BitSet(grids.size());
        outside.set(0, grids.size());
        outside.andNot(grids.touching(span));
        return outside;
    }
}
