package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Tensors;

/**
 * Joins m x m neighbouring patches into one visual token: norm, then a feed-forward part.
 *
 * @param norm of each patch, or of the joined ones
 * @param mlp from the joined size to that of a visual token
 * @param output the last layer of {@code mlp}
 * @param normAfterJoin whether the norm is of the joined patches
 * @param joined number of elements of the joined patches
 */
public record PatchMerger(Layer norm, Layer mlp, Linear output, boolean normAfterJoin, long joined) implements Layer {
    /** Returns the merger of these layers: first, exact GELU, second. */
    public static PatchMerger of(Layer norm, Linear first, Linear second, boolean normAfterJoin) {
        return new PatchMerger(
                norm,
                FeedForward.gelu(first, second),
                second,
                normAfterJoin,
                first.weight().size(1));
    }

    /** Returns the size of m x m joined patches. */
    public static long joined(VisionConfig config) {
        return (long) config.hiddenSize() * config.spatialMergeSize() * config.spatialMergeSize();
    }

    /** [grids, patches, hidden] to [grids, patches / (m * m), out]. */
    @Override
    public Tensor forward(Tensor x) {
        return Tensors.scoped(() -> {
            Tensor units = normAfterJoin ? x.reshape(x.size(0), -1, joined) : x;
            return mlp.forward(norm.forward(units).reshape(x.size(0), -1, joined));
        });
    }
}
