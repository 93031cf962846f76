package org.videotg.model.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A weight with a low-rank update beside it: {@link Tensors#linear} computes x W' + scale * (x A') B' + bias. Everything else sees the
 * weight alone. Owns nothing: the weight and the factors live where they came from.
 */
public final class AdaptedWeight extends Tensor {
    private final Tensor down;
    private final Tensor up;
    private final double scale;

    /**
     * A weight [out, in] with its update.
     *
     * @param down A, [rank, in]
     * @param up B, [out, rank]
     */
    public AdaptedWeight(Tensor weight, Tensor down, Tensor up, double scale) {
        super(weight);
        this.down = down;
        this.up = up;
        this.scale = scale;
    }

    /** What the update adds to the output, computed in the type of its factors. */
    Tensor update(Tensor x) {
        return Tensors.linear(Tensors.linear(x.to(down.scalar_type()), down, null), up, null).mul(new Scalar(scale));
    }
}
