package org.videotg.core.reward;

import java.util.List;
import org.videotg.core.interval.Interval;
import org.videotg.core.interval.Intervals;

/** The IoU by which a grounding is rewarded and evaluated. */
public final class GroundingIou {
    private GroundingIou() {}

    /**
     * Total intersection over total union after merging; for one interval on each side this is the plain IoU. An empty or
     * reversed prediction scores 0. Nothing is clamped to the video: annotations may end behind it.
     *
     * @param annotated in seconds; no interval at all says "does not happen", which only a prediction of none answers (1)
     * @param predicted in seconds
     * @return in [0, 1]
     */
    public static double of(List<Interval> annotated, List<Interval> predicted) {
        if (annotated.isEmpty() && predicted.isEmpty()) {
            return 1;
        }
        if (annotated.size() == 1 && predicted.size() == 1) {
            return Intervals.iou(annotated.get(0), predicted.get(0));
        }
        return Intervals.iou(annotated, predicted);
    }
}
