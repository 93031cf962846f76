package org.videotg.training.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.videotg.training.recipe.EarlyStopSettings;

/**
 * The course of the score that an early stop follows, the reward or the validation's mIoU: part of {@link TrainingState},
 * so that a resumed run stops at the same step.
 *
 * @param recent last scores, at most as many as the window holds
 * @param best highest mean of a full window by more than the smallest rise that counts; null before there is one
 * @param sinceBest steps since then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScoreTrend(List<Double> recent, Double best, long sinceBest) {
    /** Before the first score. */
    static final ScoreTrend START = new ScoreTrend(List.of(), null, 0);

    ScoreTrend {
        recent = List.copyOf(recent);
    }

    /**
     * Returns the trend after another score.
     *
     * @param steps since the score before
     */
    ScoreTrend next(double score, long steps, EarlyStopSettings settings) {
        List<Double> longer = new ArrayList<>(recent);
        longer.add(score);
        List<Double> last = longer.subList(Math.max(0, longer.size() - settings.averaged()), longer.size());
        OptionalDouble mean = mean(last, settings);
        if (mean.isPresent() && (best == null || mean.getAsDouble() > best + settings.minGain())) {
            return new ScoreTrend(last, mean.getAsDouble(), 0);
        }
        return new ScoreTrend(last, best, best == null ? 0 : sinceBest + steps);
    }

    /** Returns the mean score of the window; empty until it is full. */
    OptionalDouble mean(EarlyStopSettings settings) {
        return mean(recent, settings);
    }

    private static OptionalDouble mean(List<Double> scores, EarlyStopSettings settings) {
        return scores.size() < settings.averaged()
                ? OptionalDouble.empty()
                : scores.stream().mapToDouble(Double::doubleValue).average();
    }

    /** Returns whether the score has stopped rising. */
    boolean stalled(EarlyStopSettings settings) {
        return sinceBest >= settings.patience();
    }
}
