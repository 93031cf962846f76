package org.videotg.training.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.RecomputedForward;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Forward and backward passes over packed rows, for the log-probabilities of the tokens of the row's suffixes.
 *
 * @param headChunk positions for which the language model's head computes logits at a time. It runs only where a suffix
 *     token is predicted; if there are more positions than this, logits are not kept but computed again in the backward
 *     pass.
 * @param recompute whether the backward pass computes each layer's activations again instead of keeping them
 * @param listener is told of each layer, if activations are computed again; otherwise the layers are one operation
 */
public record RowPasses(int headChunk, boolean recompute, LayerListener listener) {
    /** Is told how far a backward pass is. */
    @FunctionalInterface
    public interface LayerListener {
        /** The gradients of a decoder layer, and of those above it, are there. */
        void done(Model model, int layer);
    }

    /** Passes that tell nobody how far they are. */
    public RowPasses(int headChunk, boolean recompute) {
        this(headChunk, recompute, (model, layer) -> {});
    }

    /**
     * Runs a row's forward pass; its tensors belong to the open scope.
     *
     * @param visual the row's visual tokens, or null
     * @param temperature divides the logits
     */
    public Pass forward(Model model, PackedRow row, VisualEmbeddings visual, double temperature) {
        return new Pass(model, row, visual, temperature);
    }

    /** Returns the log-probabilities by suffix and token, without gradients. */
    public List<float[]> logProbs(Model model, PackedRow row, VisualEmbeddings visual, double temperature) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            return new RowPasses(headChunk, false)
                    .forward(model, row, visual, temperature)
                    .logProbs();
        }
    }

    /** Returns the forward passes per token of a training step, a backward pass counted as two. */
    public int forwardsPerToken() {
        return recompute ? 4 : 3;
    }

    /** One row's forward pass, and its backward pass once the loss's gradients are known. */
    public final class Pass {
        private final Model model;
        private final double temperature;
        private final int[] targets;
        /** Null if activations are kept. */
        private final RecomputedForward recomputed;
        /** Hidden states that predict the targets, [targets, hidden]. */
        private final Tensor hidden;
        /** The log-probabilities with their graph; null if they are computed in chunks. */
        private final Tensor graph;

        private final List<float[]> logProbs = new ArrayList<>();

        private Pass(Model model, PackedRow row, VisualEmbeddings visual, double temperature) {
            this.model = model;
            this.temperature = temperature;
            this.targets = row.suffixes().stream().flatMapToInt(Arrays::stream).toArray();
            this.recomputed = recompute ? model.recomputed(row, visual) : null;
            Tensor all = recompute ? recomputed.hidden() : model.hidden(row, visual);
            int[] predictors = IntStream.range(0, row.suffixes().size())
                    .mapToObj(row::predictors)
                    .flatMapToInt(Arrays::stream)
                    .toArray();
            this.hidden = all.index_select(0, Tensors.ids(Device.of(all), predictors));
            this.graph = targets.length <= headChunk ? logProbs(hidden, 0) : null;
            float[] values = graph == null ? chunkedValues() : Tensors.toFloats(graph);
            int from = 0;
            for (int length : row.suffixLengths()) {
                logProbs.add(Arrays.copyOfRange(values, from, from + length));
                from += length;
            }
        }

        /** Returns the log-probabilities by suffix and token. */
        public List<float[]> logProbs() {
            return logProbs;
        }

        /**
         * Propagates gradients through the head and the model.
         *
         * @param gradients dLoss/dLogProb by suffix and token
         */
        public void backward(List<float[]> gradients) {
            float[] flat = new float[targets.length];
            int to = 0;
            for (float[] part : gradients) {
                System.arraycopy(part, 0, flat, to, part.length);
                to += part.length;
            }
            if (graph != null) {
                Tensors.backward(graph, Tensors.floats(Device.of(hidden), flat, flat.length));
            } else {
                Tensor leaf = hidden.detach();
                leaf.set_requires_grad(true);
                for (int from = 0; from < targets.length; from += headChunk) {
                    try (PointerScope scope = new PointerScope()) {
                        Tensor part = logProbs(chunk(leaf, from), from);
                        float[] gradient = Arrays.copyOfRange(flat, from, from + (int) part.size(0));
                        Tensors.backward(part, Tensors.floats(Device.of(hidden), gradient, gradient.length));
                    }
                }
                Tensors.backward(hidden, leaf.grad());
            }
            if (recomputed != null) {
                recomputed.backward(layer -> listener.done(model, layer));
            }
        }

        private float[] chunkedValues() {
            float[] values = new float[targets.length];
            try (NoGradGuard noGrad = new NoGradGuard()) {
                for (int from = 0; from < targets.length; from += headChunk) {
                    try (PointerScope scope = new PointerScope()) {
                        float[] part = Tensors.toFloats(logProbs(chunk(hidden, from), from));
                        System.arraycopy(part, 0, values, from, part.length);
                    }
                }
            }
            return values;
        }

        private Tensor chunk(Tensor rows, int from) {
            return rows.narrow(0, from, Math.min(headChunk, targets.length - from));
        }

        /** Returns the log-probabilities of the targets from {@code from} on, one for each row of hidden states. */
        private Tensor logProbs(Tensor rows, int from) {
            Tensor logits = model.logits(rows).to(torch.ScalarType.Float);
            Tensor scaled = temperature == 1 ? logits : logits.div(new Scalar(temperature));
            int[] chosen = Arrays.copyOfRange(targets, from, from + (int) rows.size(0));
            return scaled.log_softmax(1)
                    .gather(1, Tensors.ids(Device.of(rows), chosen).unsqueeze(1))
                    .squeeze(1);
        }
    }
}
