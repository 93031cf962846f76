package org.videotg.training.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.videotg.training.recipe.EarlyStopSettings;

/**
 * The course of the reward, as far as an early stop needs it: part of {@link TrainingState}, so that a resumed run stops
 * at the same step.
 *
 * @param recent rewards of the last steps, at most as many as the window holds
 * @param best highest mean of a full window by more than the smallest rise that counts; null before there is one
 * @param sinceBest steps since then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RewardTrend(List<Double> recent, Double best, long sinceBest) {
    /** Before the first step. */
    static final RewardTrend START = new RewardTrend(List.of(), null, 0);

    RewardTrend {
        recent = List.copyOf(recent);
    }

    /** Returns the trend after a step with this mean reward. */
    RewardTrend next(double reward, EarlyStopSettings settings) {
        List<Double> longer = new ArrayList<>(recent);
        longer.add(reward);
        List<Double> last = longer.subList(Math.max(0, longer.size() - settings.window()), longer.size());
        OptionalDouble mean = mean(last, settings);
        if (mean.isPresent() && (best == null || mean.getAsDouble() > best + settings.minGain())) {
            return new RewardTrend(last, mean.getAsDouble(), 0);
        }
        return new RewardTrend(last, best, best == null ? 0 : sinceBest + 1);
    }

    /** Returns the mean reward of the window; empty until it is full. */
    OptionalDouble mean(EarlyStopSettings settings) {
        return mean(recent, settings);
    }

    private static OptionalDouble mean(List<Double> rewards, EarlyStopSettings settings) {
        return rewards.size() < settings.window()
                ? OptionalDouble.empty()
                : rewards.stream().mapToDouble(Double::doubleValue).average();
    }

    /** Returns whether the reward has stopped rising. */
    boolean stalled(EarlyStopSettings settings) {
        return sinceBest >= settings.patience();
    }
}
