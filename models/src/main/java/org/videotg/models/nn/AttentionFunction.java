package org.videotg.models.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Attention over a row of tokens; an implementation decides which keys a token sees. */
public interface AttentionFunction {
    /**
     * Computes the attention of one layer.
     *
     * @param layer index of the decoder layer
     * @param q rotated queries [1, heads, tokens, headDim]
     * @param k rotated keys [1, keyValueHeads, tokens, headDim]
     * @param v values of the same shape as k
     * @return [1, tokens, heads * headDim]
     */
    Tensor attend(int layer, Tensor q, Tensor k, Tensor v);

    /**
     * Computes softmax(q k' / sqrt(headDim)) v, where a token sees itself and those before it. Heads that share keys
     * read them in place.
     *
     * @return [1, tokens, heads * headDim]
     */
    static Tensor causal(Tensor q, Tensor k, Tensor v) {
        long shared = k.size(1);
        Tensor out = attention(
                q.view(shared, -1, q.size(2), q.size(3)), perQuery(k, q), perQuery(v, q), new TensorOptional(), true);
        return out.permute(2, 0, 1, 3).reshape(1, q.size(2), -1);
    }

    /** [1, keyValueHeads, tokens, headDim] to [keyValueHeads, heads / keyValueHeads, tokens, headDim] without a copy. */
    private static Tensor perQuery(Tensor x, Tensor q) {
        return x.transpose(0, 1).expand(x.size(1), q.size(1) / x.size(1), x.size(2), x.size(3));
    }

    /**
     * Computes softmax(q k' / sqrt(headDim) + mask) v. Heads that share keys are folded into the rows of one query, so
     * that they share the reading too: row i * heads / keyValueHeads + h belongs to head h of token i.
     *
     * @param q [1, heads, tokens, headDim]
     * @param k [1, keyValueHeads, keys, headDim]
     * @param mask [1, 1, tokens * heads / keyValueHeads, keys]
     * @return [1, tokens, heads * headDim]
     */
    static Tensor masked(Tensor q, Tensor k, Tensor v, Tensor mask) {
        long tokens = q.size(2);
        Tensor out = attention(folded(q, k.size(1)).unsqueeze(0), k, v, new TensorOptional(mask), false);
        return out.view(k.size(1), tokens, -1, q.size(3)).permute(1, 0, 2, 3).reshape(1, tokens, -1);
    }

    /** [1, heads, tokens, headDim] to [keyValueHeads, tokens * heads / keyValueHeads, headDim]. */
    static Tensor folded(Tensor q, long shared) {
        return q.view(shared, -1, q.size(2), q.size(3)).transpose(1, 2).reshape(shared, -1, q.size(3));
    }

    private static Tensor attention(Tensor q, Tensor k, Tensor v, TensorOptional mask, boolean causal) {
        return torch.scaled_dot_product_attention(q, k, v, mask, 0.0, causal, new DoubleOptional(), false);
    }
}
