package org.videotg.training.grpo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.videotg.method.reward.RewardBreakdown;
import org.videotg.models.generate.Rollout;
import org.videotg.training.data.TrainingData.Row;
import org.videotg.training.loss.Advantages;

/**
 * The rollouts of one prompt and what they earned.
 *
 * @param earned reward of each rollout with its parts
 * @param ious of each rollout with the annotation, whatever the rewards are
 * @param maskRatio share of the video's grids that was masked
 * @param tokenForwards that generation took
 */
record Group(
        Row row,
        List<Rollout> rollouts,
        List<RewardBreakdown> earned,
        double[] ious,
        double maskRatio,
        long tokenForwards) {
    /** Total reward of each rollout. */
    double[] rewards() {
        return earned.stream().mapToDouble(RewardBreakdown::total).toArray();
    }

    /** Mean over the rollouts of each part before weighting, by the label of the reward. */
    Map<String, Double> parts() {
        return earned.stream()
                .flatMap(one -> one.parts().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, LinkedHashMap::new, Collectors.averagingDouble(Map.Entry::getValue)));
    }

    boolean hasSignal() {
        return Advantages.hasSignal(rewards());
    }

    long tokens() {
        return rollouts.stream().mapToLong(rollout -> rollout.ids().length).sum();
    }
}
