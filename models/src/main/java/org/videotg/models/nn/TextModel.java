package org.videotg.models.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** The language model and its head. */
public final class TextModel {
    private final TextConfig config;
    private final Tensor embedding;
    private final List<DecoderBlock> layers;
    private final Layer norm;
    private final Linear head;

    /**
     * Makes the model of these parameters.
     *
     * @param tied whether the head's weight is that of the embedding
     * @param name prefix of its parameters; the head is {@code lm_head}
     */
    public TextModel(TextConfig config, boolean tied, ModelParameters parameters, String name) {
        this.config = config;
        this.embedding = parameters.get(name + ".embed_tokens.weight", config.vocabSize(), config.hiddenSize());
        this.layers = IntStream.range(0, config.numLayers())
                .mapToObj(i -> DecoderBlock.of(config, parameters, name, i))
                .toList();
        this.norm = RmsNorm.of(parameters, name + ".norm", config.hiddenSize(), config.rmsNormEps());
        this.head = tied
                ? new Linear(embedding, null, null)
                : Linear.plain(parameters, "lm_head", config.vocabSize(), config.hiddenSize());
    }

    public TextConfig config() {
        return config;
    }

    public torch.ScalarType type() {
        return embedding.scalar_type();
    }

    public Device device() {
        return Device.of(embedding);
    }

    /** Returns the embeddings of tokens, [1, tokens, hidden]. */
    public Tensor embed(int[] ids) {
        return embedding.index_select(0, Tensors.ids(device(), ids)).unsqueeze(0);
    }

    /** Receives the hidden states between layers; for tests against golden values and for pretraining. */
    public interface Probe {
        Probe NONE = (layer, hidden) -> {};

        /**
         * @param hidden [1, tokens, hidden]; freed after the next layer, so keep an alias ({@code detach}) to use it
         *     later
         */
        void after(int layer, Tensor hidden);
    }

    /**
     * The input of the layers.
     *
     * @param embeddings [1, tokens, hidden], visual tokens already in their slots
     * @param rope of the tokens' positions
     * @param visualSlots indices of the visual tokens in the row, or null if there are none
     * @param deepstack [visual tokens, hidden] for each of the first layers, added at the visual slots after that
     *     layer; empty without slots
     * @param attention decides which keys a token sees
     */
    public record Row(
            Tensor embeddings, Rope rope, Tensor visualSlots, List<Tensor> deepstack, AttentionFunction attention) {
        /** Returns what is added after a layer, or null. */
        Tensor added(int layer) {
            return layer < deepstack.size() ? deepstack.get(layer) : null;
        }
    }

    /** Computes the hidden states after the final norm, [1, tokens, hidden]. */
    public Tensor forward(Row row, Probe probe) {
        Tensor x = row.embeddings();
        for (int i = 0; i < layers.size(); i++) {
            Tensor before = x;
            x = layer(i, before, row, row.added(i));
            probe.after(i, x);
            if (i > 0) {
                Tensors.drop(before);
            }
        }
        return normed(x);
    }

    int layers() {
        return layers.size();
    }

    /** Computes one layer and what DeepStack adds after it. */
    Tensor layer(int index, Tensor x, Row row, Tensor added) {
        return Tensors.scoped(() -> {
            Tensor after = layers.get(index).forward(x, row.rope(), row.attention());
            return added == null ? after : after.index_add(1, row.visualSlots(), added.unsqueeze(0));
        });
    }

    Tensor normed(Tensor x) {
        return norm.forward(x);
    }

    /** Returns the logits [..., vocabulary] of hidden states after the final norm. */
    public Tensor logits(Tensor hidden) {
        return head.forward(hidden);
    }
}
