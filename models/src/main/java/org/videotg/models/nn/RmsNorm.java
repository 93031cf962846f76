package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.Tensors;

/**
 * Root mean square norm over the last dimension, computed in float32 and scaled in the type of the input.
 *
 * @param weight [size]
 */
public record RmsNorm(Tensor weight, double eps) implements Layer {
    /** Returns the norm published as {@code name.weight}. */
    public static RmsNorm of(ModelParameters parameters, String name, long size, double eps) {
        return new RmsNorm(parameters.get(name + ".weight", size), eps);
    }

    @Override
    public Tensor forward(Tensor x) {
        return Tensors.rmsNorm(x, weight, eps);
    }
}
