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
 * @param rolloutForwards token-forwards of generation (rollouts and validation), which are part of the cost
 * @param cost of the steps, start-up and cached features included; without the work that was lost when a run was
 * killed
 * @param trend of the reward or the validation, for a run that may stop early; else null
 * @param maskRatio of the next step, for an adaptive curriculum; else null
 * @param validation how far it has been validated; null before the first validation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingState(
        long steps,
        Fingerprints fingerprints,
        long rolloutForwards,
        Cost cost,
        ScoreTrend trend,
        Double maskRatio,
        Validation.Reached validation) {
    public TrainingState {
        if (steps < 0) {
            throw new IllegalArgumentException("\"steps\" must be at least 0, not " + steps);
        }
        Objects.requireNonNull(fingerprints, "\"fingerprints\" is missing");
        Objects.requireNonNull(cost, "\"cost\" is missing");
    }

    /** A state of a run that does not follow its reward. */
    public TrainingState(long steps, Fingerprints fingerprints, long rolloutForwards, Cost cost) {
        this(steps, fingerprints, rolloutForwards, cost, null, null, null);
    }

    /** The state before the first step. */
    public static TrainingState start(Fingerprints fingerprints) {
        return new TrainingState(0, fingerprints, 0, Cost.NONE);
    }

    /** Returns the state after one more step. */
    public TrainingState next(long stepRolloutForwards, Cost stepCost) {
        return new TrainingState(
                steps + 1,
                fingerprints,
                rolloutForwards + stepRolloutForwards,
                cost.plus(stepCost),
                trend,
                maskRatio,
                validation);
    }

    /** Returns the state with what the run has learnt from the reward. */
    TrainingState following(ScoreTrend changed, Double changedRatio) {
        return new TrainingState(steps, fingerprints, rolloutForwards, cost, changed, changedRatio, validation);
    }

    /**
     * Returns the state after a validation, whose compute counts as generation.
     *
     * @param changed trend, or null
     */
    TrainingState validated(Validation.Reached reached, ScoreTrend changed, Cost spent) {
        return new TrainingState(
                steps,
                fingerprints,
                rolloutForwards + spent.tokenForwards(),
                cost.plus(spent),
                changed,
                maskRatio,
                reached);
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
            @JsonProperty("trend") ScoreTrend trend,
            @JsonProperty("maskRatio") Double maskRatio,
            @JsonProperty("validation") Validation.Reached validation,
            @JsonProperty("compute") JsonNode compute) {
        if (compute == null) {
            return new TrainingState(steps, fingerprints, rolloutForwards, cost, trend, maskRatio, validation);
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
