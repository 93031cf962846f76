package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Tensors;

/** One decoder layer: grouped-query attention, then SwiGLU. */
record DecoderBlock(int index, Layer inputNorm, Heads q, Heads k, Heads v, Linear output, Layer postNorm, Layer mlp) {
    /**
     * A projection onto attention heads.
     *
     * @param norm of each head, or null
     */
    private record Heads(Linear projection, Layer norm, int headDim) {
        static Heads of(TextConfig config, ModelParameters parameters, String name, int heads, String norm) {
            long out = (long) heads * config.headDim();
            return new Heads(
                    Linear.of(parameters, name, out, config.hiddenSize(), config.attentionBias()),
                    norm != null && config.headNorm()
                            ? RmsNorm.of(parameters, norm, config.headDim(), config.rmsNormEps())
                            : null,
                    config.headDim());
        }

        /** [1, tokens, hidden] to [1, heads, tokens, headDim]. */
        Tensor forward(Tensor x) {
            Tensor heads = projection.forward(x).view(1, x.size(1), -1, headDim);
            return (norm == null ? heads : norm.forward(heads)).transpose(1, 2);
        }
    }

    /** @param model prefix of the language model's parameters */
    static DecoderBlock of(TextConfig config, ModelParameters parameters, String model, int index) {
        String name = model + ".layers." + index;
        String attention = name + ".self_attn.";
        long hidden = config.hiddenSize();
        return new DecoderBlock(
                index,
                RmsNorm.of(parameters, name + ".input_layernorm", hidden, config.rmsNormEps()),
                Heads.of(config, parameters, attention + "q_proj", config.numHeads(), attention + "q_norm"),
                Heads.of(config, parameters, attention + "k_proj", config.numKeyValueHeads(), attention + "k_norm"),
                Heads.of(config, parameters, attention + "v_proj", config.numKeyValueHeads(), null),
                Linear.plain(parameters, attention + "o_proj", hidden, (long) config.numHeads() * config.headDim()),
                RmsNorm.of(parameters, name + ".post_attention_layernorm", hidden, config.rmsNormEps()),
                FeedForward.swiGlu(parameters, name + ".mlp", hidden, config.intermediateSize(), false));
    }

    /** [1, tokens, hidden] to the same shape. */
    Tensor forward(Tensor x, Rope rope, AttentionFunction attention) {
        Tensor attended = Tensors.scoped(() -> x.add(selfAttention(inputNorm.forward(x), rope, attention)));
        return Tensors.scoped(() -> attended.add(mlp.forward(postNorm.forward(attended))));
    }

    private Tensor selfAttention(Tensor x, Rope rope, AttentionFunction attention) {
        Tensor queries = rope.rotate(q.forward(x));
        Tensor keys = rope.rotate(k.forward(x));
        return output.forward(attention.attend(index, queries, keys, v.forward(x)));
    }
}
