package org.videotg.models.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** AttentionFunction over a row of tokens; an implementation decides which keys a token sees. */
public interface AttentionFunction {
    /**
     * Computes the attention of one layer.
     *
     * @param layer index of the decoder layer
     * @param q rotated queries [1, heads, tokens, headDim]
     * @param k rotated keys [1, keyValueHeads, tokens, headDim]
     * @param v values of the same shape as k
     * @return [1, heads, tokens, headDim]
     */
    Tensor attend(int layer, Tensor q, Tensor k, Tensor v);

    /** Computes softmax(q k' / sqrt(headDim) + mask) v, with grouped heads; {@code mask} is additive, or null. */
    static Tensor scaledDotProduct(Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal) {
        long groups = q.size(1) / k.size(1);
        TensorOptional additive = mask == null ? new TensorOptional() : new TensorOptional(mask);
        return torch.scaled_dot_product_attention(
                q, repeatHeads(k, groups), repeatHeads(v, groups), additive, 0.0, causal, new DoubleOptional(), false);
    }

    private static Tensor repeatHeads(Tensor x, long groups) {
        if (groups == 1) {
            return x;
        }
        long heads = x.size(1);
        long tokens = x.size(2);
        long dim = x.size(3);
        return x.unsqueeze(2).expand(1, heads, groups, tokens, dim).reshape(1, heads * groups, tokens, dim);
    }
}
