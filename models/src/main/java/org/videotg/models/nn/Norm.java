package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;
import org.videotg.models.tensor.Tensors;

/** The normalisation of a family's tower over the last dimension: root mean square (Qwen2.5-VL) or layer norm (Qwen3-VL). */
@FunctionalInterface
interface Norm {
    double EPS = 1e-6;

    Tensor apply(Tensor x);

    /** The norm published under {@code name}, over {@code size} numbers. */
    static Norm of(VisionConfig config, Parameters parameters, String name, long size) {
        Tensor weight = parameters.get(name + ".weight", size);
        if (config.design() instanceof VisionDesign.Windowed) {
            return x -> Tensors.rmsNorm(x, weight, EPS);
        }
        Tensor bias = parameters.get(name + ".bias", size);
        return x -> Tensors.layerNorm(x, weight, bias, EPS);
    }
}
