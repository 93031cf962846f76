package org.videotg.training.step;

/** A method of training, seen step by step. */
@FunctionalInterface
public interface StepTrainer {
    /**
     * One optimizer step; a pure function of the parameters, the optimizer's state and the step.
     *
     * @param step from 0
     */
    StepReport step(long step);
}
