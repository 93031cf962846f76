package org.videotg.app.dryrun;

import org.videotg.models.ModelConfig;
import org.videotg.models.config.TextConfig;
import org.videotg.training.gradient.RowPasses;
import org.videotg.training.recipe.Recipe;

/**
 * The compute of one optimizer step. A prompt is processed once for all its replies, both in generation and in
 * training; a backward pass counts as two forward passes.
 *
 * @param tokenForwards tokens through the language model
 * @param operations multiplications and additions of matrix products and attention
 */
public record ComputeNeed(double tokenForwards, double operations) {
    /**
     * Returns the compute of a step of that shape, without the vision tower if it is frozen, since its features are
     * cached.
     */
    public static ComputeNeed ofStep(ModelConfig config, Recipe recipe, ParameterCount count, StepShape shape) {
        double passes =
                new RowPasses(recipe.compute().headChunk(), recipe.compute().recompute()).forwardsPerToken()
                        + (recipe.grpo() == null ? 0 : 1)
                        + (recipe.needsReference() ? 1 : 0);
        double rows = shape.prompts() * passes;
        double replies = shape.replies() * shape.replyTokens();
        double row = prompt(config, count, shape.promptTokens())
                + replies(config, count, shape.promptTokens(), replies, shape.replyTokens());
        double vision = recipe.compute().trainVision() ? 2.0 * count.vision() * shape.patches() : 0;
        return new ComputeNeed(rows * shape.rowTokens(), rows * (row + vision));
    }

    /** Returns the operations of one forward pass over a prompt, without the head. */
    public static double prompt(ModelConfig config, ParameterCount count, double tokens) {
        return 2.0 * count.multiplied() * tokens + attention(config.text(), tokens * tokens / 2);
    }

    /**
     * Returns the operations of one forward pass over the replies to a prompt, with the head.
     *
     * @param tokens of all replies together
     * @param each tokens of one reply
     */
    public static double replies(ModelConfig config, ParameterCount count, double prompt, double tokens, double each) {
        TextConfig text = config.text();
        return 2.0 * count.multiplied() * tokens
                + attention(text, tokens * (prompt + each / 2))
                + 2.0 * text.vocabSize() * text.hiddenSize() * tokens;
    }

    /** @param attended pairs of a token and one that it attends to */
    private static double attention(TextConfig text, double attended) {
        return 4.0 * text.numLayers() * text.numHeads() * text.headDim() * attended;
    }
}
