package org.videotg.model.vision;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.config.VisionConfig;
import org.videotg.model.tensor.Tensors;

/**
 * Joins m x m patches into one visual token: norm, Linear, exact GELU, Linear. The main merger normalises each patch before
 * they are joined, those of DeepStack the joined ones.
 */
record PatchMerger(Tensor normWeight, Tensor normBias, Tensor fc1Weight, Tensor fc1Bias, Tensor fc2Weight, Tensor fc2Bias,
        boolean normAfterJoin, long joined) {
    static PatchMerger of(VisionConfig config, Parameters parameters, String name, boolean normAfterJoin) {
        long joined = (long) config.hiddenSize() * config.spatialMergeSize() * config.spatialMergeSize();
        long norm = normAfterJoin ? joined : config.hiddenSize();
        return new PatchMerger(parameters.get(name + ".norm.weight", norm), parameters.get(name + ".norm.bias", norm),
                parameters.get(name + ".linear_fc1.weight", joined, joined), parameters.get(name + ".linear_fc1.bias", joined),
                parameters.get(name + ".linear_fc2.weight", config.outHiddenSize(), joined),
                parameters.get(name + ".linear_fc2.bias", config.outHiddenSize()), normAfterJoin, joined);
    }

    /** [grids, patches, hidden] to [grids, patches / (m * m), out]. */
    Tensor forward(Tensor x) {
        Tensor units = normAfterJoin ? x.reshape(x.size(0), -1, joined) : x;
        Tensor normed = Tensors.layerNorm(units, normWeight, normBias, VisionBlock.EPS).reshape(x.size(0), -1, joined);
        return Tensors.linear(torch.gelu(Tensors.linear(normed, fc1Weight, fc1Bias)), fc2Weight, fc2Bias);
    }
}
