package org.videotg.training.trainer;

import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;

/** A training method, such as GRPO. */
@FunctionalInterface
public interface Trainer {
    /**
     * Runs one optimizer step; a pure function of the parameters, the optimizer's state and the step.
     *
     * @param step from 0
     */
    StepReport step(long step);

    /**
     * What every method trains with: the model's workers, the optimizer, the order of the samples, their prompts, the
     * passes.
     */
    record Parts(
            ModelWorkers workers, WeightUpdater updater, BatchOrder order, PromptBuilder prompts, RowPasses passes) {}
}
