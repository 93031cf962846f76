package org.videotg.benchmarks.profile;

import java.util.List;

/** Which of several truths the top prediction is compared with, as moment_detr and RexTimeProfile choose it. */
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

    /**
     * IoU over the hull of the prediction and the truth that have the highest IoU over the lengths: the first prediction of
     * equals and its first truth, not-a-number counting as 0.
     */
    static double iouOfBest(List<Span> predictions, List<Span> truths) {
        Span best = predictions.get(0);
        Span nearest = truths.get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (Span prediction : predictions) {
            for (Span truth : truths) {
                double iou = Overlap.iouByLengths(prediction, truth);
                iou = Double.isNaN(iou) ? 0 : iou;
                if (iou > highest) {
                    best = prediction;
                    nearest = truth;
                    highest = iou;
                }
            }
        }
        return Overlap.iouByHull(best, nearest);
    }
}
