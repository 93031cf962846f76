package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Keys and values of a prefix and of the rollouts that continue it. All rollouts multiply with those of the prefix in
 * one product, and each with its own. Rollouts advance together: in each step every one that has not left gets a token.
 * Its tensors live until it is closed, whatever scope it is made in; computes no gradients.
 */
public final class KvCache implements AttentionFunction, AutoCloseable {
    private final List<Buffers> layers = new ArrayList<>();
    private final TextConfig config;
    private final Size size;
    private final Device device;
    private final torch.ScalarType type;
    /** The rollouts that have not left; their tensors come first in the buffers, in this order. */
    private int[] rollouts;
    /** Tokens of each of them. */
    private int length;
    /** Whether the prefix is being added. */
    private boolean filling;

    private boolean filled;
    /** Tokens of the prefix that were there before it is added. */
    private int shared;
    /** {@link PackedAttention#mask} of the tokens after the shared ones; null if none are shared. */
    private Tensor mask;

    /**
     * What a cache holds at most.
     *
     * @param prefix tokens of the prefix
     * @param tokens of each rollout
     */
    public record Size(int prefix, int rollouts, int tokens) {}

    /**
     * The buffers of a layer.
     *
     * @param keys of the prefix, [keyValueHeads, tokens, headDim]
     * @param values of the same shape
     * @param ownKeys of the rollouts, [rollouts, keyValueHeads, tokens, headDim]
     * @param ownValues of the same shape
     */
    private record Buffers(Tensor keys, Tensor values, Tensor ownKeys, Tensor ownValues) {
        List<Tensor> own() {
            return List.of(ownKeys, ownValues);
        }

        List<Tensor> all() {
            return List.of(keys, values, ownKeys, ownValues);
        }
    }

    public KvCache(TextConfig config, Size size, Device device, torch.ScalarType type) {
        this.config = config;
        this.size = size;
        this.device = device;
        this.type = type;
        this.rollouts = IntStream.range(0, size.rollouts).toArray();
        long[] prefix = {config.numKeyValueHeads(), size.prefix, config.headDim()};
        long[] own = {size.rollouts, config.numKeyValueHeads(), size.tokens, config.headDim()};
        try (PointerScope scope = new PointerScope()) {
            for (int i = 0; i < config.numLayers(); i++) {
                Buffers buffers = new Buffers(
                        Tensors.empty(device, type, prefix),
                        Tensors.empty(device, type, prefix),
                        Tensors.empty(device, type, own),
                        Tensors.empty(device, type, own));
                buffers.all().forEach(Tensors::keep);
                layers.add(buffers);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Returns the number of rollouts that have not left. */
    public int rollouts() {
        return rollouts.length;
    }

    /** Prepares for a forward pass of the whole prefix; must come before all steps. */
    public void beginPrefix() {
        if (filled) {
            throw new IllegalStateException("the prefix must be added first, and only once");
        }
        filled = true;
        filling = true;
    }

    /**
     * Prepares for a forward pass of the rest of the prefix, whose beginning another cache holds. Its keys and values
     * are copied; the mask of the rest belongs to the open scope.
     *
     * @param beginning holds fewer tokens than this prefix, and no rollouts
     */
    public void beginPrefix(KvCache beginning) {
        beginPrefix();
        shared = beginning.size.prefix;
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).keys.narrow(1, 0, shared).copy_(beginning.layers.get(i).keys);
            layers.get(i).values.narrow(1, 0, shared).copy_(beginning.layers.get(i).values);
        }
        int heads = config.numHeads() / config.numKeyValueHeads();
        mask = PackedAttention.mask(shared, new int[] {size.prefix - shared}, heads, device);
    }

    /** Returns the number of tokens of the prefix. */
    public int prefixLength() {
        return size.prefix;
    }

    /** Returns the bytes of its tensors. */
    public long bytes() {
        return bytes(config, size, type);
    }

    /** Returns the bytes of a cache's tensors. */
    public static long bytes(TextConfig config, Size size, torch.ScalarType type) {
        return 2L
                * config.numLayers()
                * config.numKeyValueHeads()
                * config.headDim()
                * (size.prefix + (long) size.rollouts * size.tokens)
                * torch.elementSize(type);
    }

    /**
     * Prepares for a forward pass of one token of each of these rollouts.
     *
     * @param continued those that go on, ascending; the others leave
     */
    public void beginStep(int[] continued) {
        if (length == size.tokens) {
            throw new IllegalStateException("cache of " + size.tokens + " tokens is full");
        }
        if (!Arrays.equals(continued, rollouts)) {
            keep(continued);
        }
        length++;
    }

    /** Moves the tensors of the rollouts that go on to the front. */
    private void keep(int[] continued) {
        int[] places = Arrays.stream(continued)
                .map(rollout -> Arrays.binarySearch(rollouts, rollout))
                .toArray();
        if (Arrays.stream(places).anyMatch(place -> place < 0)) {
            throw new IllegalArgumentException("of the rollouts " + Arrays.toString(continued) + " some have left");
        }
        Tensor index = Tensors.ids(device, places);
        for (Buffers layer : layers) {
            for (Tensor buffer : layer.own()) {
                Tensor used = buffer.narrow(2, 0, length);
                used.narrow(0, 0, places.length).copy_(used.index_select(0, index));
            }
        }
        rollouts = continued.clone();
    }

    /** Ends the forward pass: its tokens stay in the cache. */
    public void end() {
        filling = false;
        mask = null;
    }

    @Override
    public Tensor attend(int index, Tensor q, Tensor k, Tensor v) {
        Buffers layer = layers.get(index);
        if (filling) {
            layer.keys.narrow(1, shared, k.size(2)).copy_(k.squeeze(0));
            layer.values.narrow(1, shared, k.size(2)).copy_(v.squeeze(0));
            return mask == null
                    ? AttentionFunction.causal(q, k, v)
                    : AttentionFunction.masked(
                            q, layer.keys.unsqueeze(0), layer.values.unsqueeze(0), mask.to(q.scalar_type()));
        }
        Tensor ownKeys = added(layer.ownKeys, k);
        Tensor ownValues = added(layer.ownValues, v);
        long count = rollouts.length;
        long shared = k.size(1);
        long dim = q.size(3);
        Tensor scaled = q.mul(new Scalar(1 / Math.sqrt((double) dim)));
        // [keyValueHeads, rollouts * heads that share keys, keys], first the keys of the prefix.
        Tensor scores = Tensors.cat(
                2,
                torch.bmm(AttentionFunction.folded(scaled, shared), layer.keys.transpose(1, 2)),
                folded(torch.bmm(perRollout(scaled.transpose(1, 2)), ownKeys.transpose(1, 2)), count, shared));
        Tensor weights = scores.softmax(2, new ScalarTypeOptional(torch.ScalarType.Float))
                .to(q.scalar_type());
        Tensor ofPrefix = torch.bmm(weights.narrow(2, 0, size.prefix), layer.values);
        Tensor own = torch.bmm(
                weights.narrow(2, size.prefix, length)
                        .view(shared, count, -1, length)
                        .transpose(0, 1)
                        .reshape(count * shared, -1, length),
                ownValues);
        return own.view(count, shared, -1, dim)
                .add(ofPrefix.view(shared, count, -1, dim).transpose(0, 1))
                .reshape(1, count, -1);
    }

    /** Adds the step's keys or values; returns all of the rollouts', [rollouts * keyValueHeads, tokens, headDim]. */
    private Tensor added(Tensor buffer, Tensor x) {
        Tensor used = buffer.narrow(0, 0, rollouts.length);
        used.select(2, length - 1).copy_(x.squeeze(0).transpose(0, 1));
        return used.view(-1, size.tokens, x.size(3)).narrow(1, 0, length);
    }

    /** [1, rollouts, heads, headDim] to [rollouts * keyValueHeads, heads / keyValueHeads, headDim]. */
    private Tensor perRollout(Tensor q) {
        return q.reshape(q.size(1) * layers.get(0).keys.size(0), -1, q.size(3));
    }

    /** [rollouts * keyValueHeads, rows, n] to [keyValueHeads, rollouts * rows, n]. */
    private static Tensor folded(Tensor x, long rollouts, long shared) {
        return x.view(rollouts, shared, -1, x.size(2)).transpose(0, 1).reshape(shared, -1, x.size(2));
    }

    @Override
    public void close() {
        layers.forEach(layer -> layer.all().forEach(Tensors::release));
        layers.clear();
    }
}
