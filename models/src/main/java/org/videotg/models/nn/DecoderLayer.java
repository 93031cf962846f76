package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Tensors;

/** One decoder layer: grouped-query attention, then SwiGLU. */
record DecoderLayer(
        int index,
        Tensor inputNorm,
        Heads q,
        Heads k,
        Heads v,
        Tensor oProj,
        Tensor postNorm,
        Tensor gateProj,
        Tensor upProj,
        Tensor downProj,
        double eps) {
    /**
     * A projection onto attention heads.
     *
     * @param bias null in a family without attention bias
     * @param norm of each head; null in a family without, and for v
     */
    private record Heads(Tensor weight, Tensor bias, Tensor norm, int headDim, double eps) {
        static Heads of(TextConfig config, Parameters parameters, String name, int heads, String norm) {
            long out = (long) heads * config.headDim();
            return new Heads(
                    parameters.get(name + ".weight", out, config.hiddenSize()),
                    config.attentionBias() ? parameters.get(name + ".bias", out) : null,
                    norm != null && config.headNorm() ? parameters.get(norm + ".weight", config.headDim()) : null,
                    config.headDim(),
                    config.rmsNormEps());
        }

        /** [1, tokens, hidden] to [1, heads, tokens, headDim]. */
        Tensor forward(Tensor x) {
            Tensor heads = Tensors.linear(x, weight, bias).view(1, x.size(1), -1, headDim);
            return (norm == null ? heads : Tensors.rmsNorm(heads, norm, eps)).transpose(1, 2);
        }
    }

    /** @param model under which the language model is published */
    static DecoderLayer of(TextConfig config, Parameters parameters, String model, int index) {
        String name = model + ".layers." + index;
        String attention = name + ".self_attn.";
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        return new DecoderLayer(
                index,
                parameters.get(name + ".input_layernorm.weight", hidden),
                Heads.of(config, parameters, attention + "q_proj", config.numHeads(), attention + "q_norm"),
                Heads.of(config, parameters, attention + "k_proj", config.numKeyValueHeads(), attention + "k_norm"),
                Heads.of(config, parameters, attention + "v_proj", config.numKeyValueHeads(), null),
                parameters.get(attention + "o_proj.weight", hidden, (long) config.numHeads() * config.headDim()),
                parameters.get(name + ".post_attention_layernorm.weight", hidden),
                parameters.get(name + ".mlp.gate_proj.weight", inner, hidden),
                parameters.get(name + ".mlp.up_proj.weight", inner, hidden),
                parameters.get(name + ".mlp.down_proj.weight", hidden, inner),
                config.rmsNormEps());
    }

    /** [1, tokens, hidden] to the same shape. */
    Tensor forward(Tensor x, Rope rope, Attention attention) {
        Tensor attended =
                Tensors.alone(() -> x.add(selfAttention(Tensors.rmsNorm(x, inputNorm, eps), rope, attention)));
        return Tensors.alone(() -> {
            Tensor normed = Tensors.rmsNorm(attended, postNorm, eps);
            Tensor inner = torch.silu(Tensors.linear(normed, gateProj, null)).mul(Tensors.linear(normed, upProj, null));
            return attended.add(Tensors.linear(inner, downProj, null));
        });
    }

    private Tensor selfAttention(Tensor x, Rope rope, Attention attention) {
        Tensor queries = Tensors.rotate(q.forward(x), rope.cos(), rope.sin());
        Tensor keys = Tensors.rotate(k.forward(x), rope.cos(), rope.sin());
        Tensor out = attention.attend(index, queries, keys, v.forward(x));
        return Tensors.linear(out.transpose(1, 2).reshape(1, x.size(1), -1), oProj, null);
    }
}
