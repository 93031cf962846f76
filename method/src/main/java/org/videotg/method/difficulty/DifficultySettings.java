package org.videotg.method.difficulty;

import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Decoding;
import org.videotg.method.reward.WeightedReward;

/** Settings of difficulty estimation, all defined by this project. */
public record DifficultySettings(
        @Setting(value = "predictions per sample", defaultValue = "4", range = "at least 1")
        int samples,

        @Setting(
                value = "temperature of their decoding; 0 is greedy and allowed for 1 prediction only",
                defaultValue = "1",
                range = "at least 0")
        double temperature,

        @Setting(value = "a sample is hard if its mean IoU is below this", defaultValue = "0.3", range = "in [0, 1]")
        double tau,

        @Setting(value = "tokens of a reply", defaultValue = "96", range = "at least 1")
        int maxTokens,

        @Setting(
                value = "whether the list question is asked as well, once and greedily, on the whole video",
                defaultValue = "false")
        boolean list,

        @Setting(
                value = "weights of the rewards whose spread over the predictions is recorded",
                defaultValue = WeightedReward.DEFAULT_WEIGHTS,
                type = "mapping of rewards to weights")
        WeightedReward reward,

        @Setting(value = "seed of all draws; on the command line that of the command", defaultValue = "0")
        long seed) {
    public DifficultySettings {
        reward = reward == null ? WeightedReward.DEFAULT : reward;
        Settings.check(DifficultySettings.class, samples, temperature, tau, maxTokens, list, reward, seed);
        if (temperature == 0 && samples > 1) {
            throw new InputException(
                    samples + " greedy predictions are all the same; set \"temperature\" above 0, or \"samples\" to 1");
        }
    }

    public static DifficultySettings defaults() {
        return Settings.defaults(DifficultySettings.class);
    }

    public DifficultySettings withSamples(int changed, double changedTemperature) {
        return Settings.with(this, Map.of("samples", changed, "temperature", changedTemperature));
    }

    public DifficultySettings withList(boolean changed) {
        return Settings.with(this, Map.of("list", changed));
    }

    public DifficultySettings withSeed(long changed) {
        return Settings.with(this, Map.of("seed", changed));
    }

    public Decoding decoding(long sampleSeed) {
        return new Decoding(samples, temperature, maxTokens, sampleSeed);
    }
}
