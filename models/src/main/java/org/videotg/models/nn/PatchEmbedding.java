package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * The 3-D convolution that embeds patches. Its stride is its kernel, so it is a matrix product over flattened patches.
 *
 * @param weight [hidden, channels, frames, side, side]
 * @param bias [hidden], or null
 */
public record PatchEmbedding(Tensor weight, Tensor bias) {
    /** Returns the embedding published as {@code name.weight} and {@code name.bias}. */
    public static PatchEmbedding of(VisionConfig config, ModelParameters parameters, String name, boolean bias) {
        long hidden = config.hiddenSize();
        Tensor weight = parameters.get(
                name + ".weight",
                hidden,
                config.inChannels(),
                config.temporalPatchSize(),
                config.patchSize(),
                config.patchSize());
        return new PatchEmbedding(weight, bias ? parameters.get(name + ".bias", hidden) : null);
    }

    /** Returns the device of the weights. */
    public Device device() {
        return Device.of(weight);
    }

    /** Embeds patches [grids * patches, patchDim] of any device and type: [grids, patches, hidden]. */
    public Tensor forward(Tensor patches, int grids) {
        long hidden = weight.size(0);
        Tensor x = Tensors.to(device(), patches).to(weight.scalar_type());
        return Linear.apply(x, weight.view(hidden, -1), bias).view(grids, -1, hidden);
    }
}
