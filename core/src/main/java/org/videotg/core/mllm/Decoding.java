package org.videotg.core.mllm;

/**
 * How replies are drawn.
 *
 * @param samples number of replies (rollouts)
 * @param temperature 0 for greedy
 * @param maxTokens at most so many tokens a reply
 * @param seed with the rollout's number it decides every draw
 */
public record Decoding(int samples, double temperature, int maxTokens, long seed) {
    public Decoding {
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be at least 1, not " + samples);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be 0 (greedy) or more, not " + temperature);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, not " + maxTokens);
        }
    }

    public static Decoding greedy(int maxTokens) {
        return new Decoding(1, 0, maxTokens, 0);
    }
}
