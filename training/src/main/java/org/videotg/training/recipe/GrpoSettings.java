package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.method.reward.WeightedReward;
import org.videotg.training.loss.PolicyLoss;

/** Settings of GRPO. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GrpoSettings(
        @Setting(value = "rollouts per prompt", defaultValue = "8", range = "at least 2")
        int group,

        @Setting(
                value = "temperature of the rollouts and of the distribution that is trained",
                defaultValue = "1",
                range = "above 0")
        double temperature,

        @Setting(value = "tokens of a rollout", defaultValue = "32", range = "at least 1")
        int maxTokens,

        @Setting("policy loss") NamedLoss loss,

        @Setting(
                value =
                        "weights of the rewards by name: iou, timestamp_iou, iop, format, answer, or class:NAME for a class of"
                                + " your own",
                defaultValue = WeightedReward.DEFAULT_WEIGHTS,
                type = "mapping of rewards to weights")
        WeightedReward rewards,

        @Setting("whether advantages are divided by the group's standard deviation; without it the loss decides:"
                + " dr_grpo does not, all others do")
        Boolean scaleRewards,

        @Setting(
                value = "dynamic sampling (DAPO): so many times at most in a step, prompts whose rollouts all earn the"
                        + " same are replaced by others; 0 is never",
                defaultValue = "0",
                range = "in [0, 1000]")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int resample,

        @Setting(
                value = "rollouts that a worker draws in one batch at most; those of a prompt are always together;"
                        + " without it 64",
                range = "at least 1")
        Integer rolloutBatch) {
    private static final int ROLLOUT_BATCH = 64;

    /** A loss beside its name, which tells the kinds apart in manifests. */
    @JsonPropertyOrder({"name", "settings"})
    public record NamedLoss(
            @Setting(value = "kind of policy loss", tag = "name", defaultValue = "dapo")
            PolicyLoss settings) {
        @JsonProperty
        public String name() {
            return settings.id();
        }
    }

    public GrpoSettings {
        Settings.check(
                GrpoSettings.class, group, temperature, maxTokens, loss, rewards, scaleRewards, resample, rolloutBatch);
    }

    /** Whether advantages are divided by the group's standard deviation. */
    public boolean advantagesByStd() {
        return scaleRewards == null ? loss.settings().advantagesByStd() : scaleRewards;
    }

    /** Rollouts that a worker draws in one batch at most. */
    public int rolloutsTogether() {
        return rolloutBatch == null ? ROLLOUT_BATCH : rolloutBatch;
    }
}
