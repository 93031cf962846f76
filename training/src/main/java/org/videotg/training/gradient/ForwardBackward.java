package org.videotg.training.gradient;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.videotg.models.Model;
import org.videotg.models.VisualTokens;
import org.videotg.models.nn.RecomputedForward;
import org.videotg.models.sequence.PackedRow;

/**
 * Forward and backward passes over packed rows.
 *
 * @param headChunk rows of the language model's head that are computed at a time
 * @param recompute whether the backward pass computes each layer's activations again instead of keeping them
 */
public record ForwardBackward(int headChunk, boolean recompute) {
    /** One row's forward pass, and its backward pass once the loss's gradients are known. */
    public static final class Pass {
        private final SuffixLogProbs logProbs;
        private final RecomputedForward recomputed;

        private Pass(SuffixLogProbs logProbs, RecomputedForward recomputed) {
            this.logProbs = logProbs;
            this.recomputed = recomputed;
        }

        /** Returns the log-probabilities by suffix and token. */
        public List<float[]> logProbs() {
            return logProbs.values();
        }

        /** @param gradients dLoss/dLogProb by suffix and token */
        public void backward(List<float[]> gradients) {
            logProbs.backward(gradients);
            if (recomputed != null) {
                recomputed.backward();
            }
        }
    }

    /**
     * Runs a row's forward pass; its tensors belong to the open scope.
     *
     * @param visual the row's visual tokens, or null
     * @param temperature divides the logits
     */
    public Pass forward(Model model, PackedRow row, VisualTokens visual, double temperature) {
        RecomputedForward recomputed = recompute ? model.recomputed(row, visual) : null;
        return new Pass(
                new SuffixLogProbs(
                        model,
                        row,
                        recompute ? recomputed.hidden() : model.hidden(row, visual),
                        temperature,
                        headChunk),
                recomputed);
    }

    /** Returns the log-probabilities by suffix and token, without gradients. */
    public List<float[]> logProbs(Model model, PackedRow row, VisualTokens visual, double temperature) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            return new SuffixLogProbs(model, row, model.hidden(row, visual), temperature, headChunk).values();
        }
    }

    /** Returns how often each token goes through the model, a backward pass counted as two forward passes. */
    public int passesPerToken() {
        return passesPerToken(recompute);
    }

    /** Returns the same for a given {@code recompute}. */
    public static int passesPerToken(boolean recompute) {
        return recompute ? 4 : 3;
    }
}
