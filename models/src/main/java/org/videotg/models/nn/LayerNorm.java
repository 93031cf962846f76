package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;

/**
 * Layer norm over the last dimension.
 *
 * @param weight [size]
 * @param bias [size]
 */
public record LayerNorm(Tensor weight, Tensor bias, double eps) implements Layer {
    /** Returns the norm published as {@code name.weight} and {@code name.bias}. */
    public static LayerNorm of(ModelParameters parameters, String name, long size, double eps) {
        return new LayerNorm(parameters.get(name + ".weight", size), parameters.get(name + ".bias", size), eps);
    }

    @Override
    public Tensor forward(Tensor x) {
        return torch.layer_norm(
                x, new long[] {weight.size(0)}, new TensorOptional(weight), new TensorOptional(bias), eps, false);
    }
}
