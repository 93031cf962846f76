package org.videotg.core.mllm;

import java.util.List;

/**
 * How replies are drawn.
 *
 * @param samples number of replies (rollouts)
 * @param temperature 0 for greedy
 * @param maxTokens at most so many tokens a reply
 * @param seed with the rollout's number it decides every draw
 * @param topP draws among the likeliest tokens that together have this probability only (nucleus sampling); 1 for all
 * @param stop texts before which a reply ends
 * @param alternatives how many of the likeliest tokens are told with each drawn one; 0 for the drawn one alone,
 *     {@link #UNTOLD} for no log-probabilities
 */
public record Decoding(
        int samples, double temperature, int maxTokens, long seed, double topP, List<String> stop, int alternatives) {
    /** Log-probabilities are not told. */
    public static final int UNTOLD = -1;

    public Decoding {
        stop = List.copyOf(stop);
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be at least 1, not " + samples);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be 0 (greedy) or more, not " + temperature);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, not " + maxTokens);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must be above 0 and at most 1, not " + topP);
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop text must not be empty");
        }
        if (alternatives < UNTOLD) {
            throw new IllegalArgumentException("alternatives must be at least 0, not " + alternatives);
        }
    }

    /** Draws among all tokens, until the model ends the reply. */
    public Decoding(int samples, double temperature, int maxTokens, long seed) {
        this(samples, temperature, maxTokens, seed, 1, List.of(), UNTOLD);
    }

    public static Decoding greedy(int maxTokens) {
        return new Decoding(1, 0, maxTokens, 0);
    }

    public Decoding withTopP(double wanted) {
        return new Decoding(samples, temperature, maxTokens, seed, wanted, stop, alternatives);
    }

    public Decoding withStop(List<String> wanted) {
        return new Decoding(samples, temperature, maxTokens, seed, topP, wanted, alternatives);
    }

    public Decoding withAlternatives(int wanted) {
        return new Decoding(samples, temperature, maxTokens, seed, topP, stop, wanted);
    }
}
