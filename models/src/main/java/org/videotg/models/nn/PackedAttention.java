package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Attention over one packed row [prefix | s1 | ... | sG]: the prefix is causal, each suffix sees the prefix and its own
 * past. The prefix is computed once for all suffixes (shared-prefix training, arXiv 2506.05433).
 *
 * <p>Suffixes that follow each other form blocks. The tokens of a block are multiplied with the keys of the prefix and
 * of the whole block, under a mask. Small blocks multiply less that the mask hides; large blocks copy the keys of the
 * prefix less often. {@link #blockSize} chooses; {@code bench/run AttentionBlocks} measures its choice.
 */
public final class PackedAttention implements AttentionFunction {
    /** Copying a key costs as much as multiplying it with so many queries; measured by {@code AttentionBlocks}. */
    private static final long COPIED_KEY = 12;

    private final int prefix;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * Suffixes that follow each other.
     *
     * @param start of the first in the row
     * @param tokens of all
     * @param mask [1, 1, tokens * heads / keyValueHeads, prefix + tokens], additive
     */
    private record Block(int start, int tokens, Tensor mask) {}

    /** As the other constructor, with the cheapest size of blocks. */
    public PackedAttention(TextConfig config, int prefix, int[] suffixes, Device device) {
        this(config, prefix, suffixes, blockSize(prefix, suffixes), device);
    }

    /**
     * @param prefix tokens of the prefix, at least 1
     * @param suffixes tokens of each suffix, possibly none
     * @param blockSize suffixes of a block at most
     * @param device of the row
     */
    public PackedAttention(TextConfig config, int prefix, int[] suffixes, int blockSize, Device device) {
        this.prefix = prefix;
        int heads = config.numHeads() / config.numKeyValueHeads();
        // Blocks of equal lengths share a mask; the mask of a suffix alone is part of that of the longest.
        Map<List<Integer>, Tensor> masks = new HashMap<>();
        Tensor longest = blockSize == 1
                ? mask(prefix, new int[] {Arrays.stream(suffixes).max().orElse(0)}, heads, device)
                : null;
        int start = prefix;
        for (int from = 0; from < suffixes.length; from += blockSize) {
            int[] lengths = Arrays.copyOfRange(suffixes, from, Math.min(from + blockSize, suffixes.length));
            int tokens = Arrays.stream(lengths).sum();
            Tensor mask = blockSize == 1
                    ? longest.narrow(2, 0, (long) tokens * heads).narrow(3, 0, (long) prefix + tokens)
                    : masks.computeIfAbsent(
                            Arrays.stream(lengths).boxed().toList(), key -> mask(prefix, lengths, heads, device));
            blocks.add(new Block(start, tokens, mask));
            start += tokens;
        }
    }

    /** Returns the number of suffixes in a block for which the attention of the suffixes costs least. */
    public static int blockSize(int prefix, int[] suffixes) {
        int best = 1;
        for (int size = 2; size <= suffixes.length; size++) {
            if (cost(prefix, suffixes, size) < cost(prefix, suffixes, best)) {
                best = size;
            }
        }
        return best;
    }

    /** In products of a query and a key. A single block copies nothing. */
    private static long cost(int prefix, int[] suffixes, int blockSize) {
        long cost = 0;
        for (int from = 0; from < suffixes.length; from += blockSize) {
            long tokens = Arrays.stream(suffixes, from, Math.min(from + blockSize, suffixes.length))
                    .sum();
            cost += (tokens + (blockSize < suffixes.length ? COPIED_KEY : 0)) * (prefix + tokens);
        }
        return cost;
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
        Tensor[] parts = new Tensor[1 + blocks.size()];
        parts[0] = AttentionFunction.causal(prefixOf(q), prefixOf(k), prefixOf(v));
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            parts[i + 1] = AttentionFunction.masked(
                    q.narrow(2, block.start, block.tokens),
                    seen(k, block),
                    seen(v, block),
                    block.mask.to(q.scalar_type()));
        }
        return Tensors.cat(1, parts);
    }

    private Tensor prefixOf(Tensor x) {
        return x.narrow(2, 0, prefix);
    }

    /** Returns the keys or values of the prefix and of a block. */
    private Tensor seen(Tensor x, Block block) {
        return blocks.size() == 1 ? x : Tensors.cat(2, prefixOf(x), x.narrow(2, block.start, block.tokens));
    }

    /**
     * Returns the mask of suffixes that follow a prefix, [1, 1, tokens * heads, prefix + tokens], additive.
     *
     * @param lengths tokens of each suffix
     * @param heads that share keys
     */
    static Tensor mask(int prefix, int[] lengths, int heads, Device device) {
        int tokens = Arrays.stream(lengths).sum();
        float[] own = new float[tokens * tokens];
        Arrays.fill(own, Float.NEGATIVE_INFINITY);
        int start = 0;
        for (int length : lengths) {
            for (int i = start; i < start + length; i++) {
                Arrays.fill(own, i * tokens + start, i * tokens + i + 1, 0);
            }
            start += length;
        }
        return torch.constant_pad_nd(Tensors.floats(device, own, tokens, tokens), new long[] {prefix, 0})
                .unsqueeze(1)
                .expand(tokens, heads, (long) prefix + tokens)
                .reshape(1, 1, (long) tokens * heads, (long) prefix + tokens);
    }
}
