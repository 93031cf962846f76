package org.videotg.benchmarks.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of grounded VideoQA that NExT-GQA (arXiv 2309.01327) introduced, as fractions in [0, 1]. The convention
 * is this project's own: the threshold itself counts, nothing is rounded, every question stays in N, and several
 * intervals of an annotation or a reply count together, as in the rewards. NExT-GQA's own evaluator takes the best of
 * several annotated intervals and leaves out questions without a prediction: that is the profile {@code nextgqa}.
 *
 * @param accQa share of questions with the right option
 * @param accGqa share with the right option and IoP at least 0.5
 * @param miop mean intersection over prediction; iopAt03 and iopAt05 the shares with at least 0.3 and 0.5
 * @param miou mean intersection over union; iouAt03 and iouAt05 likewise
 * @param n questions
 */
public record AnswerMetrics(
        @JsonProperty("Acc@QA") double accQa,
        @JsonProperty("Acc@GQA") double accGqa,
        @JsonProperty("mIoP") double miop,
        @JsonProperty("IoP@0.3") double iopAt03,
        @JsonProperty("IoP@0.5") double iopAt05,
        @JsonProperty("mIoU") double miou,
        @JsonProperty("IoU@0.3") double iouAt03,
        @JsonProperty("IoU@0.5") double iouAt05,
        @JsonProperty("N") int n) {
    private static final double GROUNDED = 0.5;

    /** Over those predictions that answer a question; no value if none does. */
    public static Optional<AnswerMetrics> of(List<Prediction> predictions) {
        List<Prediction> asked = predictions.stream()
                .filter(prediction -> prediction.answer() != null)
                .toList();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        ToDoubleFunction<Prediction> iop = prediction -> prediction.answer().iop();
        return Optional.of(new AnswerMetrics(
                mean(asked, AnswerMetrics::right),
                mean(asked, AnswerMetrics::grounded),
                mean(asked, iop),
                reaching(asked, iop, 0.3),
                reaching(asked, iop, 0.5),
                mean(asked, Prediction::iou),
                reaching(asked, Prediction::iou, 0.3),
                reaching(asked, Prediction::iou, 0.5),
                asked.size()));
    }

    /** 1 if the option is right, else 0. */
    public static double right(Prediction prediction) {
        return prediction.answer() != null && prediction.answer().right() ? 1 : 0;
    }

    /** 1 if the option is right and the predicted time lies in the annotation by half or more, else 0. */
    public static double grounded(Prediction prediction) {
        return right(prediction) == 1 && prediction.answer().iop() >= GROUNDED ? 1 : 0;
    }

    private static double reaching(List<Prediction> asked, ToDoubleFunction<Prediction> measure, double threshold) {
        return mean(asked, prediction -> measure.applyAsDouble(prediction) >= threshold ? 1 : 0);
    }

    private static double mean(List<Prediction> asked, ToDoubleFunction<Prediction> measure) {
        return asked.stream().mapToDouble(measure).sum() / asked.size();
    }
}
