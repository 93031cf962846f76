package org.videotg.training.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
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

    /** Reads also the form of earlier versions, with {@code "compute"} in place of the last two. */
    @JsonCreator
    static TrainingState of(
            @JsonProperty("steps") long steps,
            @JsonProperty("fingerprints") Fingerprints fingerprints,
            @JsonProperty("rolloutForwards") long rolloutForwards,
            @JsonProperty("cost") Cost cost,
            @JsonProperty("compute") JsonNode compute) {
        if (compute == null) {
            return new TrainingState(steps, fingerprints, rolloutForwards, cost);
        }
        long rollouts = compute.path("rolloutForwards").asLong();
        return new TrainingState(
                steps,
                fingerprints,
                rollouts,
                new Cost(
                        rollouts + compute.path("trainingForwards").asLong(),
                        compute.path("cpuSeconds").asDouble(),
                        compute.path("seconds").asDouble(),
                        0));
    }
}
