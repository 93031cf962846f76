package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.tensor.Tensors;

/**
 * A forward pass that keeps nothing but each layer's input, and a backward pass that recomputes the layers one by one
 * (activation checkpointing: Chen et al. 2016, arXiv 1604.06174). Costs one more forward pass of the layers; gives the
 * same hidden states and gradients. Belongs to the scope that is open when it is made.
 */
public final class RecomputedForward {
    private final PointerScope scope = Objects.requireNonNull(PointerScope.getInnerScope(), "no scope is open");
    private final TextModel text;
    private final TextModel.Row row;
    private final List<Tensor> inputs = new ArrayList<>();
    private final Tensor last;
    private final Tensor hidden;

    /** Runs the forward pass. */
    public RecomputedForward(TextModel text, TextModel.Row row) {
        this.text = text;
        this.row = row;
        try (NoGradGuard noGrad = new NoGradGuard()) {
            inputs.add(row.embeddings().detach());
            for (int i = 0; i < text.layers(); i++) {
                inputs.add(text.layer(i, inputs.get(i), row, row.added(i)));
            }
        }
        this.last = leaf(inputs.remove(text.layers()));
        this.hidden = text.normed(last).squeeze(0);
    }

    /** Hidden states after the final norm, [tokens, hidden]. Gradients stop here until {@link #backward}. */
    public Tensor hidden() {
        return hidden;
    }

    /**
     * Sends the gradients of the hidden states on through the layers, to parameters and visual tokens. Called once,
     * while the scope is the innermost one again.
     *
     * @param done takes each layer, from the last to the first, as soon as its parameters have their gradients
     */
    public void backward(IntConsumer done) {
        if (PointerScope.getInnerScope() != scope) {
            throw new IllegalStateException("the backward pass must run in the scope of the forward pass");
        }
        List<Tensor> taps =
                row.deepstack().stream().map(RecomputedForward::leaf).toList();
        Tensor gradient = last.grad();
        for (int i = inputs.size() - 1; i >= 0; i--) {
            int layer = i;
            Tensor above = gradient;
            gradient = Tensors.scoped(() -> {
                Tensor input = leaf(inputs.get(layer));
                Tensor output = text.layer(layer, input, row, layer < taps.size() ? taps.get(layer) : null);
                Tensors.backward(output, above);
                // grad() is owned by the input, which is freed here.
                return input.grad().detach();
            });
            Tensors.drop(above);
            Tensors.drop(inputs.get(i));
            done.accept(i);
        }
        // One backward pass for all inputs, since taps and merged tokens share the tower's graph.
        Tensor sum = row.embeddings().requires_grad()
                ? row.embeddings().mul(gradient).sum()
                : null;
        for (int i = 0; i < taps.size(); i++) {
            if (row.deepstack().get(i).requires_grad()) {
                Tensor part = row.deepstack().get(i).mul(taps.get(i).grad()).sum();
                sum = sum == null ? part : sum.add(part);
            }
        }
        if (sum != null) {
            sum.backward();
        }
    }

    private static Tensor leaf(Tensor tensor) {
        Tensor leaf = tensor.detach();
        leaf.set_requires_grad(true);
        return leaf;
    }
}
