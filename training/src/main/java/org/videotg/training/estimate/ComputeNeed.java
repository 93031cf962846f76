package org.videotg.training.estimate;

import org.videotg.models.ModelConfig;
import org.videotg.models.config.TextConfig;
import org.videotg.training.gradient.ForwardBackward;
import org.videotg.training.recipe.Recipe;

/**
 * What one optimizer step computes. A prompt is read once for all its replies, in the rollouts and in the training pass; a
 * backward pass counts as two forwards.
 *
 * @param tokenForwards tokens through the language model
 * @param operations multiplications and additions, of matrices and of attention
 */
public record ComputeNeed(double tokenForwards, double operations) {
    /** Of a step of that shape; frozen vision features are cached and cost nothing here. */
    public static ComputeNeed ofStep(ModelConfig config, Recipe recipe, ParameterCount count, StepShape shape) {
        boolean penalised =
                recipe.grpo() != null && recipe.grpo().loss().settings().kl().beta() > 0;
        double passes = ForwardBackward.passesPerToken(recipe.compute().recompute())
                + (recipe.grpo() == null ? 0 : 1)
                + (penalised ? 1 : 0);
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
