package org.videotg.training.trainer;

import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.gradient.ForwardBackward;

/** A training method, such as GRPO. */
@FunctionalInterface
public interface Trainer {
    /**
     * Runs one optimizer step; a pure function of the parameters, the optimizer's state and the step.
     *
     * @param step from 0
     */
    StepReport step(long step);

    /** What every method trains with: model and optimizer, the order of the samples, their prompts, the passes. */
    record Parts(WeightUpdater learner, BatchOrder order, PromptBuilder prompts, ForwardBackward passes) {}
}
