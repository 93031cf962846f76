package org.videotg.models;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.nn.AttentionFunction;
import org.videotg.models.nn.JoinedCaches;
import org.videotg.models.nn.KvCache;
import org.videotg.models.nn.PackedAttention;
import org.videotg.models.nn.RecomputedForward;
import org.videotg.models.nn.Rope;
import org.videotg.models.nn.TextModel;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * A video-language model of any registered family. Rows have batch size 1: several rollouts or tasks about one
 * video are suffixes of one packed row. Gradients flow to every parameter that requires them. Owns its parameters and
 * is closed by whoever opened it.
 */
public final class Model implements AutoCloseable {
    static final String HEAD = "lm_head.weight";

    private final ModelConfig config;
    private final ModelParameters parameters;
    private final ParameterPrefixes names;
    private final VisionTower vision;
    private final TextModel text;

    /**
     * A model over these parameters. Where the embeddings are said to be tied, a head of its own is used all the same,
     * as in transformers.
     *
     * @param parameters closed with the model
     * @throws org.videotg.core.io.InputException if they don't fit the configuration
     */
    public Model(ModelConfig config, ModelParameters parameters) {
        this.config = config;
        this.parameters = parameters;
        this.names = ParameterPrefixes.of(parameters.all().keySet());
        this.vision = config.family().vision(config, parameters, names.vision());
        this.text = new TextModel(
                config.text(), config.tieWordEmbeddings() && !parameters.has(HEAD), parameters, names.text());
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
    public Tensor hidden(PackedRow row, VisualEmbeddings visual) {
        return hidden(row, visual, TextModel.Probe.NONE);
    }

    /** Computes the hidden states of a packed row and passes those between the layers to a probe. */
    public Tensor hidden(PackedRow row, VisualEmbeddings visual, TextModel.Probe probe) {
        return text.forward(input(row, visual), probe).squeeze(0);
    }

    /**
     * Computes the hidden states of a packed row with little memory: the backward pass computes the activations of the
     * decoder again.
     */
    public RecomputedForward recomputed(PackedRow row, VisualEmbeddings visual) {
        return new RecomputedForward(text, input(row, visual));
    }

    private TextModel.Row input(PackedRow row, VisualEmbeddings visual) {
        config.text()
                .checkLength(
                        row.prefix().length(),
                        Arrays.stream(row.suffixLengths()).max().orElse(0));
        AttentionFunction attention =
                new PackedAttention(config.text(), row.prefix().length(), row.suffixLengths(), device());
        return input(row.ids(), row.positions(), row.prefix().visualSlots(), visual, attention);
    }

    private TextModel.Row input(
            int[] ids, long[][] positions, int[] visualSlots, VisualEmbeddings visual, AttentionFunction attention) {
        Tensor embeddings = text.embed(ids);
        Rope rope = Rope.of(config.text(), positions, type()).on(device());
        if (visual == null || visualSlots.length == 0) {
            return new TextModel.Row(embeddings, rope, null, List.of(), attention);
        }
        if (visual.merged().size(0) != visualSlots.length) {
            throw new IllegalArgumentException(
                    visualSlots.length + " visual slots, " + visual.merged().size(0) + " visual tokens");
        }
        Tensor slots = Tensors.ids(device(), visualSlots);
        Tensor filled =
                embeddings.index_copy(1, slots, visual.merged().to(type()).unsqueeze(0));
        return new TextModel.Row(filled, rope, slots, visual.deepstack(), attention);
    }

    /** Fills a cache with the prefix, which must have the cache's size, and returns the hidden state of its last token, [1, hidden]. */
    public Tensor prefill(KvCache cache, Prefix prefix, VisualEmbeddings visual) {
        cache.beginPrefix();
        TextModel.Row row = input(prefix.ids(), prefix.positions(), prefix.visualSlots(), visual, cache);
        Tensor hidden = text.forward(row, TextModel.Probe.NONE).squeeze(0);
        cache.end();
        return hidden.narrow(0, prefix.length() - 1, 1);
    }

    /**
     * Fills a cache with a prefix whose beginning another cache holds already, and returns the hidden state of its last
     * token, [1, hidden].
     *
     * @param beginning of the prefix, with all its visual tokens
     */
    public Tensor extend(KvCache cache, Prefix prefix, KvCache beginning) {
        int from = beginning.prefixLength();
        int to = prefix.length();
        cache.beginPrefix(beginning);
        long[][] positions = Arrays.stream(prefix.positions())
                .map(axis -> Arrays.copyOfRange(axis, from, to))
                .toArray(long[][]::new);
        TextModel.Row row = input(Arrays.copyOfRange(prefix.ids(), from, to), positions, new int[0], null, cache);
        Tensor hidden = text.forward(row, TextModel.Probe.NONE).squeeze(0);
        cache.end();
        return hidden.narrow(0, to - from - 1, 1);
    }

    /**
     * The next token of each of a prompt's rollouts.
     *
     * @param cache of the prompt
     * @param rollouts that go on, ascending; the others leave
     * @param tokens one for each of them
     * @param position of the tokens on all three axes
     */
    public record Advance(KvCache cache, int[] rollouts, int[] tokens, long position) {}

    /**
     * Advances the rollouts of one or more prompts by one token each.
     *
     * @return hidden states [rollouts, hidden], in the order given
     */
    public Tensor step(List<Advance> advances) {
        advances.forEach(advance -> advance.cache.beginStep(advance.rollouts));
        int[] tokens = advances.stream()
                .flatMapToInt(advance -> Arrays.stream(advance.tokens))
                .toArray();
        long[] positions = advances.stream()
                .flatMapToLong(
                        advance -> LongStream.generate(() -> advance.position).limit(advance.tokens.length))
                .toArray();
        List<KvCache> caches = advances.stream().map(Advance::cache).toList();
        AttentionFunction attention = caches.size() == 1 ? caches.get(0) : new JoinedCaches(caches);
        TextModel.Row row = input(tokens, new long[][] {positions, positions, positions}, new int[0], null, attention);
        Tensor hidden = text.forward(row, TextModel.Probe.NONE).squeeze(0);
        caches.forEach(KvCache::end);
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
