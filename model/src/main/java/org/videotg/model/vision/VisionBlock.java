package org.videotg.model.vision;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.config.VisionConfig;
import org.videotg.model.tensor.Tensors;

/** One block of the vision tower: full attention inside each temporal grid, then an MLP with the tanh form of GELU. */
record VisionBlock(Tensor norm1Weight, Tensor norm1Bias, Tensor qkvWeight, Tensor qkvBias, Tensor projWeight, Tensor projBias,
        Tensor norm2Weight, Tensor norm2Bias, Tensor fc1Weight, Tensor fc1Bias, Tensor fc2Weight, Tensor fc2Bias, int heads) {
    static final double EPS = 1e-6;

    static VisionBlock of(VisionConfig config, Parameters parameters, int index) {
        String name = VisionTower.NAME + ".blocks." + index;
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        return new VisionBlock(parameters.get(name + ".norm1.weight", hidden), parameters.get(name + ".norm1.bias", hidden),
                parameters.get(name + ".attn.qkv.weight", 3 * hidden, hidden), parameters.get(name + ".attn.qkv.bias", 3 * hidden),
                parameters.get(name + ".attn.proj.weight", hidden, hidden), parameters.get(name + ".attn.proj.bias", hidden),
                parameters.get(name + ".norm2.weight", hidden), parameters.get(name + ".norm2.bias", hidden),
                parameters.get(name + ".mlp.linear_fc1.weight", inner, hidden), parameters.get(name + ".mlp.linear_fc1.bias", inner),
                parameters.get(name + ".mlp.linear_fc2.weight", hidden, inner), parameters.get(name + ".mlp.linear_fc2.bias", hidden),
                config.numHeads());
    }

    /** [grids, patches, hidden] to the same shape. */
    Tensor forward(Tensor x, VisionPositions positions) {
        Tensor attended = x.add(attention(Tensors.layerNorm(x, norm1Weight, norm1Bias, EPS), positions));
        Tensor inner = Tensors.linear(Tensors.layerNorm(attended, norm2Weight, norm2Bias, EPS), fc1Weight, fc1Bias);
        return attended.add(Tensors.linear(torch.gelu(inner, "tanh"), fc2Weight, fc2Bias));
    }

    private Tensor attention(Tensor x, VisionPositions positions) {
        long grids = x.size(0);
        long patches = x.size(1);
        Tensor qkv = Tensors.linear(x, qkvWeight, qkvBias).view(grids, patches, 3, heads, -1);
        // The rotation is done in float32 whatever the type of the weights, as in the reference.
        Tensor q = rotate(qkv.select(2, 0), positions).transpose(1, 2);
        Tensor k = rotate(qkv.select(2, 1), positions).transpose(1, 2);
        Tensor v = qkv.select(2, 2).transpose(1, 2);
        Tensor out = torch.scaled_dot_product_attention(q, k, v);
        return Tensors.linear(out.transpose(1, 2).reshape(grids, patches, -1), projWeight, projBias);
    }

    private static Tensor rotate(Tensor x, VisionPositions positions) {
        Tensor wide = x.to(torch.ScalarType.Float);
        return Tensors.rotate(wide, positions.cos(), positions.sin()).to(x.scalar_type());
    }
}
