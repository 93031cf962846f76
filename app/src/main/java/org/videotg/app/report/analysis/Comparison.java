package org.videotg.app.report.analysis;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.videotg.app.report.run.Arm;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;

/**
 * One arm's mean score against another's on the same test samples.
 *
 * @param bootstrap difference (arm - other) with its 95% interval; empty if the arms can't be compared
 * @param problem why not, else blank
 */
public record Comparison(Optional<PairedBootstrap> bootstrap, String problem) {
    private static final int RESAMPLES = 5000;

    /** What the interval allows to say. */
    public enum Outcome {
        BETTER,
        WORSE,
        OPEN
    }

    /** By mIoU. */
    public static Comparison of(Arm arm, Arm other) {
        return of(arm, other, Prediction::iou);
    }

    /** @param measure of one prediction */
    public static Comparison of(Arm arm, Arm other, ToDoubleFunction<Prediction> measure) {
        if (arm.predictions().isEmpty() || other.predictions().isEmpty()) {
            return new Comparison(Optional.empty(), "predictions are missing");
        }
        try {
            return new Comparison(
                    Optional.of(PairedBootstrap.of(arm.predictions(), other.predictions(), measure, RESAMPLES, 0)), "");
        } catch (InputException e) {
            return new Comparison(Optional.empty(), e.getMessage());
        }
    }

    /** Better or worse only if the interval leaves out 0. */
    public static Outcome outcome(PairedBootstrap bootstrap) {
        return bootstrap.low() > 0 ? Outcome.BETTER : bootstrap.high() < 0 ? Outcome.WORSE : Outcome.OPEN;
    }
}
