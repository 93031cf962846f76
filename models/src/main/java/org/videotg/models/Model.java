package org.videotg.models;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.nn.Attention;
import org.videotg.models.nn.KvCache;
import org.videotg.models.nn.PackedAttention;
import org.videotg.models.nn.RecomputedForward;
import org.videotg.models.nn.TextModel;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * A model of videos and text, of any registered family. Rows have batch size 1: several rollouts or tasks about one
 * video are suffixes of one packed row. Gradients flow to every parameter that requires them. Owns its parameters and
 * is closed by whoever opened it.
 */
public final class Model implements AutoCloseable {
    private final ModelConfig config;
    private final ModelParameters parameters;
    private final ParameterPrefixes names;
    private final VisionTower vision;
    private final TextModel text;

    /**
     * A model over these parameters.
     *
     * @param parameters closed with the model
     * @throws org.videotg.core.io.InputException if they don't fit the configuration
     */
    public Model(ModelConfig config, ModelParameters parameters) {
        this.config = config;
        this.parameters = parameters;
        this.names = ParameterPrefixes.of(parameters.all().keySet());
        this.vision = config.family().vision(config, parameters, names.vision());
        this.text = new TextModel(config.text(), config.tieWordEmbeddings(), parameters, names.text());
    }

    public ModelConfig config() {
        return config;
    }

    public ModelParameters parameters() {
        return parameters;
    }

    /** Returns the names under which its parts are published. */
    public ParameterPrefixes names() {
        return names;
    }

    public VisionTower vision() {
        return vision;
    }

    /** Returns the type of the language model's weights, in which it computes. */
    public torch.ScalarType type() {
        return text.type();
    }

    /** Returns the device of its weights and of the tensors that it is given. */
    public Device device() {
        return text.device();
    }

    /**
     * Computes the hidden states of a packed row after the final norm.
     *
     * @param visual the row's visual tokens, or null for a text-only row
     * @return [tokens, hidden]
     */
    public Tensor hidden(PackedRow row, VisualTokens visual) {
        return hidden(row, visual, TextModel.Probe.NONE);
    }

    /** Computes hidden states as above and passes those between layers to a probe. */
    public Tensor hidden(PackedRow row, VisualTokens visual, TextModel.Probe probe) {
        Attention attention = new PackedAttention(row.prefix().length(), row.suffixLengths(), device());
        return hidden(row.ids(), row.positions(), row.prefix().visualSlots(), visual, attention, probe);
    }

    /**
     * Computes the hidden states of any tokens, [tokens, hidden].
     *
     * @param positions [3][tokens]
     * @param visualSlots indices of the visual tokens
     * @param attention decides which keys a token sees
     */
    public Tensor hidden(
            int[] ids,
            long[][] positions,
            int[] visualSlots,
            VisualTokens visual,
            Attention attention,
            TextModel.Probe probe) {
        Tensor slots = slots(visualSlots, visual);
        return text.forward(filled(ids, slots, visual), positions, slots, deepstack(slots, visual), attention, probe)
                .squeeze(0);
    }

    /**
     * Computes the same as {@link #hidden(PackedRow, VisualTokens)} with little memory: the activations of the decoder
     * are computed again in the backward pass.
     */
    public RecomputedForward recomputed(PackedRow row, VisualTokens visual) {
        Tensor slots = slots(row.prefix().visualSlots(), visual);
        return text.recomputed(
                filled(row.ids(), slots, visual),
                row.positions(),
                slots,
                deepstack(slots, visual),
                new PackedAttention(row.prefix().length(), row.suffixLengths(), device()));
    }

    /** Returns the indices of the visual tokens, or null without any. */
    private Tensor slots(int[] places, VisualTokens visual) {
        if (visual == null || places.length == 0) {
            return null;
        }
        if (visual.merged().size(0) != places.length) {
            throw new IllegalArgumentException(
                    places.length + " visual slots, " + visual.merged().size(0) + " visual tokens");
        }
        return Tensors.ids(device(), places);
    }

    /** Returns the embeddings with the visual tokens in their slots. */
    private Tensor filled(int[] ids, Tensor slots, VisualTokens visual) {
        Tensor embeddings = text.embed(ids);
        return slots == null
                ? embeddings
                : embeddings.index_copy(
                        1, slots, visual.merged().to(embeddings.scalar_type()).unsqueeze(0));
    }

    private static List<Tensor> deepstack(Tensor slots, VisualTokens visual) {
        return slots == null ? List.of() : visual.deepstack();
    }

    /** Fills a cache with the prefix and returns the hidden state of its last token, [1, hidden]. */
    public Tensor prefill(KvCache cache, Prefix prefix, VisualTokens visual) {
        cache.beginPrefix(prefix.length());
        Tensor hidden =
                hidden(prefix.ids(), prefix.positions(), prefix.visualSlots(), visual, cache, TextModel.Probe.NONE);
        cache.end();
        return hidden.narrow(0, prefix.length() - 1, 1);
    }

    /**
     * Advances the given rollouts by one token each.
     *
     * @param position of the tokens on all three axes
     * @return hidden states [rollouts, hidden]
     */
    public Tensor step(KvCache cache, int[] rollouts, int[] tokens, long position) {
        cache.beginStep(rollouts);
        long[] same = new long[tokens.length];
        java.util.Arrays.fill(same, position);
        Tensor hidden = hidden(tokens, new long[][] {same, same, same}, new int[0], null, cache, TextModel.Probe.NONE);
        cache.end();
        return hidden;
    }

    /** Returns the logits [rows, vocabulary] of hidden states [rows, hidden]. */
    public Tensor logits(Tensor hidden) {
        return text.logits(hidden);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
