package org.videotg.models.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;

/**
 * Root mean square norm over the last dimension, computed in float32 and scaled in the type of the input as in Qwen.
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
        if (x.scalar_type().intern() == torch.ScalarType.Float) {
            return torch.rms_norm(x, new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(eps));
        }
        Tensor wide = x.to(torch.ScalarType.Float);
        Tensor variance = wide.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
        Tensor normed = wide.mul(variance.add(new Scalar(eps)).rsqrt());
        return normed.to(x.scalar_type()).mul(weight);
    }
}
