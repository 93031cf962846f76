package org.videotg.models.nn;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Tensors;

/** One block of the vision tower: attention inside each temporal grid, or inside windows of it, then a feed-forward part. */
record VisionBlock(
        Norm norm1,
        Tensor qkvWeight,
        Tensor qkvBias,
        Tensor projWeight,
        Tensor projBias,
        Norm norm2,
        VisionMlp mlp,
        int heads) {
    static VisionBlock of(VisionConfig config, Parameters parameters, String name) {
        long hidden = config.hiddenSize();
        return new VisionBlock(
                Norm.of(config, parameters, name + ".norm1", hidden),
                parameters.get(name + ".attn.qkv.weight", 3 * hidden, hidden),
                parameters.get(name + ".attn.qkv.bias", 3 * hidden),
                parameters.get(name + ".attn.proj.weight", hidden, hidden),
                parameters.get(name + ".attn.proj.bias", hidden),
                Norm.of(config, parameters, name + ".norm2", hidden),
                VisionMlp.of(config, parameters, name + ".mlp"),
                config.numHeads());
    }

    /**
     * [grids, patches, hidden] to the same shape.
     *
     * @param windows who sees whom, in the order of the patches
     * @param patchesPerUnit patches of a merged unit
     */
    Tensor forward(Tensor x, VisionRope rope, List<GridLayout.Run> windows, int patchesPerUnit) {
        Tensor attended = Tensors.alone(() -> x.add(attention(norm1.apply(x), rope, windows, patchesPerUnit)));
        return Tensors.alone(() -> attended.add(mlp.forward(norm2.apply(attended))));
    }

    private Tensor attention(Tensor x, VisionRope rope, List<GridLayout.Run> windows, int patchesPerUnit) {
        Tensor qkv = Tensors.linear(x, qkvWeight, qkvBias).view(x.size(0), x.size(1), 3, heads, -1);
        Tensor q = rope.rotate(qkv.select(2, 0));
        Tensor k = rope.rotate(qkv.select(2, 1));
        Tensor v = qkv.select(2, 2);
        Tensor[] parts = new Tensor[windows.size()];
        long start = 0;
        for (int i = 0; i < parts.length; i++) {
            GridLayout.Run run = windows.get(i);
            long length = (long) run.units() * patchesPerUnit;
            parts[i] = attend(q, k, v, start, run.count(), length);
            start += run.count() * length;
        }
        return Tensors.linear(Tensors.cat(1, parts), projWeight, projBias);
    }

    /**
     * {@code count} windows of {@code length} patches that begin at {@code start} in every grid: [grids, count * length, hidden].
     */
    private static Tensor attend(Tensor q, Tensor k, Tensor v, long start, long count, long length) {
        Tensor out = torch.scaled_dot_product_attention(
                batched(q, start, count, length), batched(k, start, count, length), batched(v, start, count, length));
        return out.transpose(1, 2).reshape(q.size(0), count * length, -1);
    }

    /** [grids, patches, heads, headDim] to [grids * count, heads, length, headDim]. */
    private static Tensor batched(Tensor x, long start, long count, long length) {
        return x.narrow(1, start, count * length)
                .reshape(x.size(0) * count, length, x.size(2), x.size(3))
                .transpose(1, 2);
    }
}
