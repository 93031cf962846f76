package org.videotg.models.nn;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * AttentionFunction over one packed row [prefix | s1 | ... | sG]: the prefix is causal, each suffix sees the prefix and
 * its own past. The prefix is computed once for all suffixes (shared-prefix training, arXiv 2506.05433).
 */
public final class PackedAttention implements AttentionFunction {
    private final int prefix;
    private final Tensor suffixMask;

    /**
     * @param prefix tokens of the prefix, at least 1
     * @param suffixes tokens of each suffix, possibly none
     * @param device of the row
     */
    public PackedAttention(int prefix, int[] suffixes, Device device) {
        this.prefix = prefix;
        this.suffixMask = mask(prefix, suffixes, device);
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
        if (suffixMask == null) {
            return AttentionFunction.scaledDotProduct(q, k, v, null, true);
        }
        long rest = q.size(2) - prefix;
        Tensor first = AttentionFunction.scaledDotProduct(
                q.narrow(2, 0, prefix), k.narrow(2, 0, prefix), v.narrow(2, 0, prefix), null, true);
        Tensor others = AttentionFunction.scaledDotProduct(
                q.narrow(2, prefix, rest), k, v, suffixMask.to(q.scalar_type()), false);
        return Tensors.cat(2, first, others);
    }

    /** Additive mask [1, 1, suffix tokens, all tokens], or null without suffixes. */
    private static Tensor mask(int prefix, int[] suffixes, Device device) {
        int total = Arrays.stream(suffixes).sum();
        if (total == 0) {
            return null;
        }
        int columns = prefix + total;
        float[] mask = new float[total * columns];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        int start = 0;
        for (int length : suffixes) {
            for (int i = start; i < start + length; i++) {
                Arrays.fill(mask, i * columns, i * columns + prefix, 0);
                Arrays.fill(mask, i * columns + prefix + start, i * columns + prefix + i + 1, 0);
            }
            start += length;
        }
        return Tensors.floats(device, mask, 1, 1, total, columns);
    }
}
