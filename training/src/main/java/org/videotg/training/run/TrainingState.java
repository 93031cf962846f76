package org.videotg.training.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param trend of the reward, for a run that may stop early; else null
 * @param maskRatio of the next step, for an adaptive curriculum; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingState(
        long steps, Fingerprints fingerprints, long rolloutForwards, Cost cost, RewardTrend trend, Double maskRatio) {
    public TrainingState {
        if (steps < 0) {
            throw new IllegalArgumentException("\"steps\" must be at least 0, not " + steps);
        }
        Objects.requireNonNull(fingerprints, "\"fingerprints\" is missing");
        Objects.requireNonNull(cost, "\"cost\" is missing");
    }

    /** A state of a run that does not follow its reward. */
    public TrainingState(long steps, Fingerprints fingerprints, long rolloutForwards, Cost cost) {
        this(steps, fingerprints, rolloutForwards, cost, null, null);
    }

    /** The state before the first step. */
    public static TrainingState start(Fingerprints fingerprints) {
        return new TrainingState(0, fingerprints, 0, Cost.NONE);
    }

    /** Returns the state after one more step. */
    public TrainingState next(long stepRolloutForwards, Cost stepCost) {
        return new TrainingState(
                steps + 1, fingerprints, rolloutForwards + stepRolloutForwards, cost.plus(stepCost), trend, maskRatio);
    }

    /** Returns the state with what the run has learnt from the reward. */
    TrainingState following(RewardTrend changed, Double changedRatio) {
        return new TrainingState(steps, fingerprints, rolloutForwards, cost, changed, changedRatio);
    }

    /** Returns the token-forwards of training: forward 1, backward 2. */
    public long trainingForwards() {
        return cost.tokenForwards() - rolloutForwards;
    }

    /** Reads also the form of earlier versions, with {@code "compute"} in place of the forwards and the cost. */
    @JsonCreator
    static TrainingState of(
            @JsonProperty("steps") long steps,
            @JsonProperty("fingerprints") Fingerprints fingerprints,
            @JsonProperty("rolloutForwards") long rolloutForwards,
            @JsonProperty("cost") Cost cost,
            @JsonProperty("trend") RewardTrend trend,
            @JsonProperty("maskRatio") Double maskRatio,
            @JsonProperty("compute") JsonNode compute) {
        if (compute == null) {
            return new TrainingState(steps, fingerprints, rolloutForwards, cost, trend, maskRatio);
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
