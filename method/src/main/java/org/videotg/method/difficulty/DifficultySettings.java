package org.videotg.method.difficulty;

import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Decoding;
import org.videotg.method.reward.WeightedReward;

/**
 * Settings of difficulty estimation, all defined by this project.
 *
 * @param samples predictions K per sample
 * @param temperature of their decoding; 0 is greedy and allowed for K = 1 only
 * @param tau a sample is hard iff its mean IoU is below this
 * @param maxTokens of a reply
 * @param list whether the list question is asked as well, once and greedily, on the whole video
 * @param reward whose spread over the predictions is recorded
 * @param seed of all draws
 */
public record DifficultySettings(
        int samples, double temperature, double tau, int maxTokens, boolean list, WeightedReward reward, long seed) {
    public DifficultySettings {
        if (samples < 1) {
            throw new InputException("difficulty: \"samples\" must be at least 1, not " + samples);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new InputException("difficulty: \"temperature\" must be 0 or more, not " + temperature);
        }
        if (temperature == 0 && samples > 1) {
            throw new InputException("difficulty: " + samples
                    + " greedy predictions are all the same; give a temperature above 0, or 1 sample");
        }
        if (!(tau >= 0 && tau <= 1)) {
            throw new InputException("difficulty: \"tau\" must be in [0, 1], not " + tau);
        }
        if (maxTokens < 1) {
            throw new InputException("difficulty: \"maxTokens\" must be at least 1, not " + maxTokens);
        }
        reward = reward == null ? WeightedReward.DEFAULT : reward;
    }

    /** K = 4 at temperature 1, tau 0.3, no list question. */
    public static DifficultySettings defaults() {
        return new DifficultySettings(4, 1, 0.3, 96, false, WeightedReward.DEFAULT, 0);
    }

    public DifficultySettings withSamples(int changed, double changedTemperature) {
        return new DifficultySettings(changed, changedTemperature, tau, maxTokens, list, reward, seed);
    }

    public DifficultySettings withList(boolean changed) {
        return new DifficultySettings(samples, temperature, tau, maxTokens, changed, reward, seed);
    }

    public DifficultySettings withSeed(long changed) {
        return new DifficultySettings(samples, temperature, tau, maxTokens, list, reward, changed);
    }

    public Decoding decoding(long sampleSeed) {
        return new Decoding(samples, temperature, maxTokens, sampleSeed);
    }
}
