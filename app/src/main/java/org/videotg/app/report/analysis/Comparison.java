package org.videotg.app.report.analysis;

import java.util.Optional;
import org.videotg.app.report.run.Arm;
import org.videotg.core.error.InputException;
import org.videotg.core.metric.PairedBootstrap;

/**
 * One arm's mIoU against another's on the same test samples.
 *
 * @param bootstrap difference (arm - other) with its 95 % interval; empty if the arms can't be compared
 * @param problem why not, else blank
 */
public record Comparison(Optional<PairedBootstrap> bootstrap, String problem) {
    private static final int RESAMPLES = 5000;

    /** What the interval allows to say. */
    public enum Outcome { BETTER, WORSE, OPEN }

    public static Comparison of(Arm arm, Arm other) {
        if (arm.predictions().isEmpty() || other.predictions().isEmpty()) {
            return new Comparison(Optional.empty(), "predictions are missing");
        }
        try {
            return new Comparison(Optional.of(PairedBootstrap.of(arm.predictions(), other.predictions(), RESAMPLES, 0)), "");
        } catch (InputException e) {
            return new Comparison(Optional.empty(), e.getMessage());
        }
    }

    /** Better or worse only if the interval leaves out 0. */
    public static Outcome outcome(PairedBootstrap bootstrap) {
        return bootstrap.low() > 0 ? Outcome.BETTER : bootstrap.high() < 0 ? Outcome.WORSE : Outcome.OPEN;
    }
}
