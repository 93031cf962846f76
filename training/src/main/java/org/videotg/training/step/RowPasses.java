package org.videotg.training.step;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.videotg.models.Model;
import org.videotg.models.VisualTokens;
import org.videotg.models.nn.RecomputedRow;
import org.videotg.models.sequence.PackedRow;

/**
 * How packed rows are trained on.
 *
 * @param headChunk rows of the language model's head at a time
 * @param recompute whether activations are computed anew in the backward pass instead of kept
 */
public record RowPasses(int headChunk, boolean recompute) {
    /** One row's forward pass, and its backward pass once gradients are known. */
    public static final class Pass {
        private final TokenLogProbs logProbs;
        private final RecomputedRow recomputed;

        private Pass(TokenLogProbs logProbs, RecomputedRow recomputed) {
            this.logProbs = logProbs;
            this.recomputed = recomputed;
        }

        /** Log-probabilities by suffix and token. */
        public List<float[]> values() {
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
     * Belongs to the open scope.
     *
     * @param visual the row's visual tokens, or null
     * @param temperature logits are divided by it
     */
    public Pass of(Model model, PackedRow row, VisualTokens visual, double temperature) {
        RecomputedRow recomputed = recompute ? model.recomputed(row, visual) : null;
        return new Pass(
                new TokenLogProbs(
                        model,
                        row,
                        recompute ? recomputed.hidden() : model.hidden(row, visual),
                        temperature,
                        headChunk),
                recomputed);
    }

    /** Log-probabilities alone, without gradients. */
    public List<float[]> values(Model model, PackedRow row, VisualTokens visual, double temperature) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            return new TokenLogProbs(model, row, model.hidden(row, visual), temperature, headChunk).values();
        }
    }

    /** Passes over a row's tokens, a backward pass counted as two. */
    public int count() {
        return count(recompute);
    }

    /** The same for rows that are trained so. */
    public static int count(boolean recompute) {
        return recompute ? 4 : 3;
    }
}
