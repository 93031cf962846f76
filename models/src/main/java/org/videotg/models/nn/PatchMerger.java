package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;
import org.videotg.models.tensor.Tensors;

/**
 * Joins m x m patches into one visual token: norm, Linear, exact GELU, Linear. The main merger normalises each patch before
 * they are joined, those of DeepStack the joined ones.
 */
record PatchMerger(
        Norm norm,
        Tensor fc1Weight,
        Tensor fc1Bias,
        Tensor fc2Weight,
        Tensor fc2Bias,
        boolean normAfterJoin,
        long joined) {
    /** The merger of the tower's last block. */
    static PatchMerger main(VisionConfig config, Parameters parameters, String name) {
        return config.design() instanceof VisionDesign.Windowed
                ? of(config, parameters, name + ".ln_q", name + ".mlp.0", name + ".mlp.2", false)
                : of(config, parameters, name + ".norm", name + ".linear_fc1", name + ".linear_fc2", false);
    }

    /** A merger of Qwen3-VL's DeepStack. */
    static PatchMerger deepstack(VisionConfig config, Parameters parameters, String name) {
        return of(config, parameters, name + ".norm", name + ".linear_fc1", name + ".linear_fc2", true);
    }

    private static PatchMerger of(
            VisionConfig config, Parameters parameters, String norm, String fc1, String fc2, boolean normAfterJoin) {
        long joined = (long) config.hiddenSize() * config.spatialMergeSize() * config.spatialMergeSize();
        long out = config.outHiddenSize();
        return new PatchMerger(
                Norm.of(config, parameters, norm, normAfterJoin ? joined : config.hiddenSize()),
                parameters.get(fc1 + ".weight", joined, joined),
                parameters.get(fc1 + ".bias", joined),
                parameters.get(fc2 + ".weight", out, joined),
                parameters.get(fc2 + ".bias", out),
                normAfterJoin,
                joined);
    }

    /** [grids, patches, hidden] to [grids, patches / (m * m), out]. */
    Tensor forward(Tensor x) {
        return Tensors.alone(() -> {
            Tensor units = normAfterJoin ? x.reshape(x.size(0), -1, joined) : x;
            Tensor normed = norm.apply(units).reshape(x.size(0), -1, joined);
            return Tensors.linear(torch.gelu(Tensors.linear(normed, fc1Weight, fc1Bias)), fc2Weight, fc2Bias);
        });
    }
}
