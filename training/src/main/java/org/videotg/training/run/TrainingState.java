package org.videotg.training.run;

import java.util.Objects;
import org.videotg.core.run.Cost;

/**
 * The numbers of a training checkpoint, beside its weights and the optimizer's tensors: {@code state.json}.
 *
 * @param steps done
 * @param rolloutForwards token-forwards of generation, which are part of the cost
 * @param cost of the steps, start-up and cached features included; without the work that was lost when a run was
 * killed
 */
public record TrainingState(long steps, Fingerprints fingerprints, long rolloutForwards, Cost cost) {
    public TrainingState {
        if (steps < 0) {
            throw new IllegalArgumentException("\"steps\" must be at least 0, not " + steps);
        }
        Objects.requireNonNull(fingerprints, "\"fingerprints\" is missing");
        Objects.requireNonNull(cost, "\"cost\" is missing");
    }

    /** The state before the first step. */
    public static TrainingState start(Fingerprints fingerprints) {
        return new TrainingState(0, fingerprints, 0, Cost.NONE);
    }

    /** Returns the state after one more step. */
    public TrainingState next(long stepRolloutForwards, Cost stepCost) {
        return new TrainingState(steps + 1, fingerprints, rolloutForwards + stepRolloutForwards, cost.plus(stepCost));
    }

    /** Returns the token-forwards of training: forward 1, backward 2. */
    public long trainingForwards() {
        return cost.tokenForwards() - rolloutForwards;
    }
}
