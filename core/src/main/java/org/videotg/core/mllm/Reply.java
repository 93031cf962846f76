package org.videotg.core.mllm;

import java.util.List;

/**
 * One reply.
 *
 * @param text without special tokens
 * @param tokens generated, the end token included
 * @param truncated whether it ran into the limit of tokens
 * @param drawn its tokens with their log-probabilities; empty unless {@link Decoding#alternatives} asks for them
 */
public record Reply(String text, int tokens, boolean truncated, List<Drawn> drawn) {
    public Reply {
        drawn = List.copyOf(drawn);
    }

    /** Without log-probabilities. */
    public Reply(String text, int tokens, boolean truncated) {
        this(text, tokens, truncated, List.of());
    }

    /**
     * A token of a reply, or one that could have stood in its place.
     *
     * @param text may be part of a character
     * @param logProb natural logarithm of its probability at temperature 1
     * @param alternatives the likeliest tokens in this place, the likeliest first; empty for an alternative itself
     */
    public record Drawn(String text, double logProb, List<Drawn> alternatives) {
        public Drawn {
            alternatives = List.copyOf(alternatives);
        }
    }
}
