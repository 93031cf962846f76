package org.videotg.training.estimate;

/**
 * How long the rows of a step are.
 *
 * @param prompts of one optimizer step
 * @param promptTokens of the prompt, visual tokens included
 * @param visualTokens of them
 * @param replies to a prompt: the group, or 1 for supervised training
 * @param replyTokens of each
 * @param patches that the vision tower reads of a video
 */
public record StepShape(
        int prompts, double promptTokens, double visualTokens, int replies, double replyTokens, double patches) {
    public StepShape {
        if (prompts < 1 || !(promptTokens >= 1) || replies < 1 || !(replyTokens >= 1) || !(patches >= 0)) {
            throw new IllegalArgumentException("a step has prompts with tokens and replies with tokens");
        }
    }

    /** Tokens of one packed row: the prompt once, then all replies. */
    public double rowTokens() {
        return promptTokens + replies * replyTokens;
    }
}
