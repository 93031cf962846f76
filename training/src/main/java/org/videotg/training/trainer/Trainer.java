package org.videotg.training.trainer;

import java.util.function.ToLongFunction;
import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.TrainingData.Example;
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
     * What every method trains with: the model's workers, the optimizer, the samples in order, their prompts, the passes.
     */
    record Parts(
            ModelWorkers workers, WeightUpdater updater, Samples samples, PromptBuilder prompts, RowPasses passes) {}

    /**
     * The samples.
     *
     * @param order in which they are trained on
     * @param lengths of their videos, in any unit of work
     */
    record Samples(BatchOrder order, ToLongFunction<Example> lengths) {}
}
