package org.videotg.training.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * The log-probabilities of the suffix tokens of a packed row, and their backward pass from an analytic gradient. The
 * language model's head runs only over the rows that predict these tokens. If there are more than {@code chunk} of
 * them, the logits are computed one chunk at a time: once without gradients for the values, and again in the backward
 * pass.
 */
public final class SuffixLogProbs {
    private final Model model;
    private final Tensor hidden;
    private final int[] targets;
    private final int[] lengths;
    private final double temperature;
    private final int chunk;
    private final Tensor kept;

    /**
     * Computes the log-probabilities; the tensors belong to the open scope.
     *
     * @param hidden final hidden states of the whole row, [tokens, hidden]
     * @param temperature divides the logits
     */
    public SuffixLogProbs(Model model, PackedRow row, Tensor hidden, double temperature, int chunk) {
        this.model = model;
        this.targets = row.suffixes().stream().flatMapToInt(Arrays::stream).toArray();
        this.lengths = row.suffixLengths();
        this.temperature = temperature;
        this.chunk = chunk;
        int[] predictors = new int[targets.length];
        int at = 0;
        for (int g = 0; g < lengths.length; g++) {
            System.arraycopy(row.predictors(g), 0, predictors, at, lengths[g]);
            at += lengths[g];
        }
        this.hidden = hidden.index_select(0, Tensors.ids(Device.of(hidden), predictors));
        this.kept = targets.length <= chunk ? logProbs(this.hidden, 0, targets.length) : null;
    }

    /** Returns the log-probabilities by suffix and token. */
    public List<float[]> values() {
        float[] all = new float[targets.length];
        if (kept != null) {
            all = Tensors.toFloats(kept);
        } else {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                for (int from = 0; from < targets.length; from += chunk) {
                    try (PointerScope scope = new PointerScope()) {
                        int count = Math.min(chunk, targets.length - from);
                        float[] part = Tensors.toFloats(logProbs(hidden.narrow(0, from, count), from, count));
                        System.arraycopy(part, 0, all, from, count);
                    }
                }
            }
        }
        List<float[]> values = new ArrayList<>();
        int at = 0;
        for (int length : lengths) {
            values.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return values;
    }

    /**
     * Propagates gradients through the head and the model.
     *
     * @param gradients dLoss/dLogProb by suffix and token
     */
    public void backward(List<float[]> gradients) {
        float[] flat = new float[targets.length];
        int at = 0;
        for (float[] part : gradients) {
            System.arraycopy(part, 0, flat, at, part.length);
            at += part.length;
        }
        if (kept != null) {
            Tensors.backward(kept, Tensors.floats(Device.of(hidden), flat, flat.length));
            return;
        }
        Tensor leaf = hidden.detach();
        leaf.set_requires_grad(true);
        for (int from = 0; from < targets.length; from += chunk) {
            try (PointerScope scope = new PointerScope()) {
                int count = Math.min(chunk, targets.length - from);
                Tensors.backward(
                        logProbs(leaf.narrow(0, from, count), from, count),
                        Tensors.floats(Device.of(hidden), Arrays.copyOfRange(flat, from, from + count), count));
            }
        }
        Tensors.backward(hidden, leaf.grad());
    }

    private Tensor logProbs(Tensor rows, int from, int count) {
        Tensor logits = model.logits(rows).to(torch.ScalarType.Float);
        Tensor scaled = temperature == 1 ? logits : logits.div(new Scalar(temperature));
        Tensor chosen = Tensors.ids(Device.of(rows), Arrays.copyOfRange(targets, from, from + count))
                .unsqueeze(1);
        return scaled.log_softmax(1).gather(1, chosen).squeeze(1);
    }
}
