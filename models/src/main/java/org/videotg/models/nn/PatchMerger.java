package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Tensors;

/**
 * Joins m x m neighbouring patches into one visual token: norm, linear layer, exact GELU, linear layer.
 *
 * @param norm of each patch, or of the joined ones
 * @param second to the size of a visual token
 * @param normAfterJoin whether the norm is of the joined patches
 */
public record PatchMerger(Layer norm, Linear first, Linear second, boolean normAfterJoin) implements Layer {
    /** Returns the size of m x m joined patches. */
    public static long joined(VisionConfig config) {
        return (long) config.hiddenSize() * config.spatialMergeSize() * config.spatialMergeSize();
    }

    /** [grids, patches, hidden] to [grids, patches / (m * m), out]. */
    @Override
    public Tensor forward(Tensor x) {
        return Tensors.scoped(() -> {
            long joined = first.weight().size(1);
            Tensor units = normAfterJoin ? x.reshape(x.size(0), -1, joined) : x;
            Tensor normed = norm.forward(units).reshape(x.size(0), -1, joined);
            return second.forward(torch.gelu(first.forward(normed)));
        });
    }
}
