package org.videotg.benchmarks.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.videotg.core.io.InputException;

/**
 * The field's metrics of grounding, as fractions in [0, 1]. The convention is this project's (for others see the metric
 * profiles): the threshold itself counts ({@code >=}), annotations are not clamped to the video, nothing
 * is rounded, an unparsed reply has IoU 0 and stays in N.
 *
 * @param r1At03 share of samples with IoU at least 0.3; r1At05 and r1At07 likewise
 * @param miou mean IoU
 * @param n samples
 * @param parseFailures replies that could not be parsed
 */
public record GroundingMetrics(
        @JsonProperty("R1@0.3") double r1At03,
        @JsonProperty("R1@0.5") double r1At05,
        @JsonProperty("R1@0.7") double r1At07,
        @JsonProperty("mIoU") double miou,
        @JsonProperty("N") int n,
        int parseFailures) {

    /**
     * Metrics over all predictions.
     *
     * @throws InputException if there are none
     */
    public static GroundingMetrics of(List<Prediction> predictions) {
        if (predictions.isEmpty()) {
            throw new InputException("no prediction to score; evaluate on at least one sample");
        }
        double mean = predictions.stream().mapToDouble(Prediction::iou).sum() / predictions.size();
        int failures = (int) predictions.stream().filter(Prediction::unparsed).count();
        return new GroundingMetrics(
                recall(predictions, 0.3),
                recall(predictions, 0.5),
                recall(predictions, 0.7),
                mean,
                predictions.size(),
                failures);
    }

    private static double recall(List<Prediction> predictions, double threshold) {
        return predictions.stream()
                        .filter(prediction -> prediction.iou() >= threshold)
                        .count()
                / (double) predictions.size();
    }
}
