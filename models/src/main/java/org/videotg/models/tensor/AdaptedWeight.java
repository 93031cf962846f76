package org.videotg.models.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The weight of a linear layer with a low-rank update beside it, in the place of the weight: {@link Tensors#linear} computes
 * x W' + scale * (x A') B' + bias. It is no tensor of libtorch's itself, so that every other use fails instead of passing over
 * the update. Owns nothing: the weight and the factors live where they came from.
 */
public final class AdaptedWeight extends Tensor {
    private final Tensor weight;
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
        super((Pointer) null);
        this.weight = weight;
        this.down = down;
        this.up = up;
        this.scale = scale;
    }

    /** The update is computed in the type of its factors, and added in the wider one. */
    Tensor linear(Tensor x, Tensor bias) {
        Tensor out = Tensors.linear(x, weight, bias);
        Tensor update = Tensors.linear(Tensors.linear(x.to(down.scalar_type()), down, null), up, null)
                .mul(new Scalar(scale));
        return out.add(update).to(out.scalar_type());
    }
}
