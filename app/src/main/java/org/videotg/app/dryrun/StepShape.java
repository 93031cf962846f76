package org.videotg.app.dryrun;

/**
 * The numbers of prompts, tokens and patches of an optimizer step.
 *
 * @param prompts per step
 * @param promptTokens tokens of a prompt, visual tokens included
 * @param visualTokens visual tokens of a prompt
 * @param replies per prompt: the group size, or 1 for supervised training
 * @param replyTokens tokens of a reply
 * @param patches of a video, the input of the vision tower
 */
public record StepShape(
        int prompts, double promptTokens, double visualTokens, int replies, double replyTokens, double patches) {
    public StepShape {
        if (prompts < 1 || !(promptTokens >= 1) || replies < 1 || !(replyTokens >= 1) || !(patches >= 0)) {
            throw new IllegalArgumentException("a step has prompts with tokens and replies with tokens");
        }
    }

    /** Returns the tokens of one packed row: the prompt once, then all replies. */
    public double rowTokens() {
        return promptTokens + replies * replyTokens;
    }
}
