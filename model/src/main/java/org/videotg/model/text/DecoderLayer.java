package org.videotg.model.text;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.config.TextConfig;
import org.videotg.model.tensor.Tensors;

/** One decoder layer: grouped-query attention with normalised q and k heads, then SwiGLU. */
record DecoderLayer(int index, Tensor inputNorm, Tensor qProj, Tensor kProj, Tensor vProj, Tensor oProj, Tensor qNorm, Tensor kNorm,
        Tensor postNorm, Tensor gateProj, Tensor upProj, Tensor downProj, int headDim, double eps) {
    static DecoderLayer of(TextConfig config, Parameters parameters, int index) {
        String name = TextModel.NAME + ".layers." + index;
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        long queries = (long) config.numHeads() * config.headDim();
        long keys = (long) config.numKeyValueHeads() * config.headDim();
        return new DecoderLayer(index, parameters.get(name + ".input_layernorm.weight", hidden),
                parameters.get(name + ".self_attn.q_proj.weight", queries, hidden),
                parameters.get(name + ".self_attn.k_proj.weight", keys, hidden),
                parameters.get(name + ".self_attn.v_proj.weight", keys, hidden),
                parameters.get(name + ".self_attn.o_proj.weight", hidden, queries),
                parameters.get(name + ".self_attn.q_norm.weight", config.headDim()),
                parameters.get(name + ".self_attn.k_norm.weight", config.headDim()),
                parameters.get(name + ".post_attention_layernorm.weight", hidden),
                parameters.get(name + ".mlp.gate_proj.weight", inner, hidden),
                parameters.get(name + ".mlp.up_proj.weight", inner, hidden),
                parameters.get(name + ".mlp.down_proj.weight", hidden, inner), config.headDim(), config.rmsNormEps());
    }

    /** [1, tokens, hidden] to the same shape. */
    Tensor forward(Tensor x, Rope rope, Attention attention) {
        Tensor attended = x.add(selfAttention(Tensors.rmsNorm(x, inputNorm, eps), rope, attention));
        Tensor normed = Tensors.rmsNorm(attended, postNorm, eps);
        Tensor inner = torch.silu(Tensors.linear(normed, gateProj, null)).mul(Tensors.linear(normed, upProj, null));
        return attended.add(Tensors.linear(inner, downProj, null));
    }

    private Tensor selfAttention(Tensor x, Rope rope, Attention attention) {
        long tokens = x.size(1);
        Tensor q = Tensors.rmsNorm(heads(x, qProj), qNorm, eps).transpose(1, 2);
        Tensor k = Tensors.rmsNorm(heads(x, kProj), kNorm, eps).transpose(1, 2);
        Tensor v = heads(x, vProj).transpose(1, 2);
        Tensor out = attention.attend(index, Tensors.rotate(q, rope.cos(), rope.sin()), Tensors.rotate(k, rope.cos(), rope.sin()), v);
        return Tensors.linear(out.transpose(1, 2).reshape(1, tokens, -1), oProj, null);
    }

    private Tensor heads(Tensor x, Tensor weight) {
        return Tensors.linear(x, weight, null).view(1, x.size(1), -1, headDim);
    }
}
