package org.videotg.model.text;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.config.QwenVlConfig;
import org.videotg.model.config.TextConfig;
import org.videotg.model.tensor.Device;
import org.videotg.model.tensor.Tensors;

/** The language model and its head. */
public final class TextModel {
    private final TextConfig config;
    private final Tensor embedding;
    private final List<DecoderLayer> layers;
    private final Tensor norm;
    private final Tensor head;

    /** @param name under which its parameters are published */
    public TextModel(QwenVlConfig all, Parameters parameters, String name) {
        this.config = all.text();
        this.embedding = parameters.get(name + ".embed_tokens.weight", config.vocabSize(), config.hiddenSize());
        this.layers = IntStream.range(0, config.numLayers()).mapToObj(i -> DecoderLayer.of(config, parameters, name, i)).toList();
        this.norm = parameters.get(name + ".norm.weight", config.hiddenSize());
        this.head = all.tieWordEmbeddings() ? embedding
                : parameters.get("lm_head.weight", config.vocabSize(), config.hiddenSize());
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

    /** Embeddings [1, tokens, hidden]. */
    public Tensor embed(int[] ids) {
        return embedding.index_select(0, Tensors.ids(Device.of(embedding), ids)).unsqueeze(0);
    }

    /** Watches the hidden states between layers; for tests against golden values, and for pretraining. */
    public interface Probe {
        Probe NONE = (layer, hidden) -> { };

        /** @param hidden freed when the next layer is done; an alias of it lives on */
        void after(int layer, Tensor hidden);
    }

    /**
     * Hidden states after the final norm.
     *
     * @param embeddings [1, tokens, hidden], visual tokens already in their slots
     * @param positions [3][tokens]
     * @param visualSlots places of the visual tokens in the row, or null without any
     * @param deepstack [visual tokens, hidden] for each of the first layers, added at the visual slots after that layer
     * @return [1, tokens, hidden]
     */
    public Tensor forward(Tensor embeddings, long[][] positions, Tensor visualSlots, List<Tensor> deepstack, Attention attention,
            Probe probe) {
        Rope rope = Rope.of(config, positions, embeddings.scalar_type()).on(Device.of(embeddings));
        Tensor x = embeddings;
        for (int i = 0; i < layers.size(); i++) {
            Tensor before = x;
            DecoderLayer layer = layers.get(i);
            Tensor added = visualSlots != null && i < deepstack.size() ? deepstack.get(i) : null;
            x = Tensors.alone(() -> {
                Tensor after = layer.forward(before, rope, attention);
                return added == null ? after : after.index_add(1, visualSlots, added.unsqueeze(0));
            });
            probe.after(i, x);
            if (i > 0) {
                Tensors.drop(before);
            }
        }
        return Tensors.rmsNorm(x, norm, config.rmsNormEps());
    }

    /** Logits [..., vocabulary] of hidden states after the final norm. */
    public Tensor logits(Tensor hidden) {
        return Tensors.linear(hidden, head, null);
    }
}
