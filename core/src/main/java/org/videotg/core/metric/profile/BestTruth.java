package org.videotg.core.metric.profile;

import java.util.List;
import org.videotg.core.metric.profile.arithmetic.Overlap;
import org.videotg.core.metric.profile.row.Span;

/** Which of several truths the top prediction is compared with, as moment_detr and ReXTime choose it. */
final class BestTruth {
    private BestTruth() {}

    /**
     * IoU over the hull with the truth that has the highest IoU over the lengths: the first of equals, not-a-number above all.
     */
    static double iou(Span top, List<Span> truths) {
        int best = 0;
        double highest = Overlap.iouByLengths(top, truths.get(0));
        for (int i = 1; i < truths.size() && !Double.isNaN(highest); i++) {
            double iou = Overlap.iouByLengths(top, truths.get(i));
            if (Double.isNaN(iou) || iou > highest) {
                best = i;
                highest = iou;
            }
        }
        return Overlap.iouByHull(top, truths.get(best));
    }
}
