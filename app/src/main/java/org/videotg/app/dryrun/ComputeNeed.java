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
record ComputeNeed(double tokenForwards, double operations) {
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
        TextConfig text = config.text();
        double attended = shape.promptTokens() * shape.promptTokens() / 2
                + replies * (shape.promptTokens() + shape.replyTokens() / 2);
        double row = 2.0 * count.multiplied() * shape.rowTokens()
                + 4.0 * text.numLayers() * text.numHeads() * text.headDim() * attended
                + 2.0 * text.vocabSize() * text.hiddenSize() * replies;
        double vision = recipe.compute().trainVision() ? 2.0 * count.vision() * shape.patches() : 0;
        return new ComputeNeed(rows * shape.rowTokens(), rows * (row + vision));
    }
}
