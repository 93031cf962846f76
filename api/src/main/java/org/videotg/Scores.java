package org.videotg;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.benchmarks.profile.MetricProfile;
import org.videotg.benchmarks.profile.Score;
import org.videotg.benchmarks.profile.Scoring;

/**
 * The metrics of a prediction file by the convention of a published evaluator (docs/metrics.md).
 *
 * @param profile name of the convention
 * @param rows in the evaluator's denominator
 * @param unparsable rows with a prediction that the evaluator can't read
 * @param missing annotated rows without a prediction
 * @param metrics by the evaluator's names, in its order and its rounding; NaN where it gives that
 */
public record Scores(String profile, int rows, int unparsable, int missing, Map<String, Double> metrics) {
    private static final Logger LOG = LoggerFactory.getLogger(Scores.class);

    /** Returns the names of the conventions. */
    public static List<String> profiles() {
        return MetricProfile.names();
    }

    /**
     * Scores predictions against annotations; the formats of both are recognised by content.
     *
     * @throws org.videotg.core.io.InputException naming the file and the place of what can't be read
     */
    public static Scores of(Path predictions, Path annotations, String profile) {
        return score(predictions, annotations, profile, null);
    }

    /**
     * Scores predictions against annotations by a profile that rounds to a unit of the data set.
     *
     * @param unit in seconds, for example 0.1 for Charades-STA
     * @throws org.videotg.core.io.InputException as {@link #of(Path, Path, String)}
     */
    public static Scores of(Path predictions, Path annotations, String profile, double unit) {
        return score(predictions, annotations, profile, unit);
    }

    private static Scores score(Path predictions, Path annotations, String profile, Double unit) {
        Score score = new Scoring(List.of(predictions), List.of(annotations), unit, false)
                .run(List.of(profile), LOG::warn)
                .get(0)
                .score();
        return new Scores(score.profile(), score.n(), score.unparsable(), score.missing(), score.metrics());
    }
}
