package org.videotg.train.grpo;

import java.util.List;
import org.videotg.model.generate.Rollout;
import org.videotg.train.data.TrainingData.Row;
import org.videotg.train.loss.Advantages;

/**
 * The rollouts of one prompt and what they earned.
 *
 * @param rewards total reward of each rollout
 * @param ious of each rollout with the annotation, whatever the rewards are
 * @param maskRatio share of the video's grids that was masked
 * @param tokenForwards that generation took
 */
record Group(Row row, List<Rollout> rollouts, double[] rewards, double[] ious, double maskRatio, long tokenForwards) {
    boolean hasSignal() {
        return Advantages.hasSignal(rewards);
    }

    long tokens() {
        return rollouts.stream().mapToLong(rollout -> rollout.ids().length).sum();
    }
}
