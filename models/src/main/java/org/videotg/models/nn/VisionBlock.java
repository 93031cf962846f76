package org.videotg.models.nn;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.Tensors;

/** A block of the vision tower: attention inside each temporal grid or its windows, then a feed-forward part. */
public record VisionBlock(Layer norm1, Linear qkv, Linear proj, Layer norm2, Layer mlp, int heads) {
    /**
     * Windows of equal size that follow each other in the order of the patches.
     *
     * @param count windows
     * @param units merged units of each
     */
    public record Windows(int count, int units) {}

    /**
     * Returns the block published under {@code name}.
     *
     * @param norm makes a norm over the hidden size, given its name
     */
    public static VisionBlock of(
            VisionConfig config, ModelParameters parameters, String name, Function<String, Layer> norm, Layer mlp) {
        long hidden = config.hiddenSize();
        return new VisionBlock(
                norm.apply(name + ".norm1"),
                Linear.biased(parameters, name + ".attn.qkv", 3 * hidden, hidden),
                Linear.biased(parameters, name + ".attn.proj", hidden, hidden),
                norm.apply(name + ".norm2"),
                mlp,
                config.numHeads());
    }

    /**
     * [grids, patches, hidden] to the same shape.
     *
     * @param windows windows inside which patches see each other; together all patches of a grid
     * @param patchesPerUnit patches of a merged unit
     */
    public Tensor forward(Tensor x, VisionRope rope, List<Windows> windows, int patchesPerUnit) {
        Tensor attended = Tensors.scoped(() -> x.add(attention(norm1.forward(x), rope, windows, patchesPerUnit)));
        return Tensors.scoped(() -> attended.add(mlp.forward(norm2.forward(attended))));
    }

    private Tensor attention(Tensor x, VisionRope rope, List<Windows> windows, int patchesPerUnit) {
        Tensor joint = qkv.forward(x).view(x.size(0), x.size(1), 3, heads, -1);
        Tensor q = rope.rotate(joint.select(2, 0));
        Tensor k = rope.rotate(joint.select(2, 1));
        Tensor v = joint.select(2, 2);
        Tensor[] parts = new Tensor[windows.size()];
        long start = 0;
        for (int i = 0; i < parts.length; i++) {
            Windows run = windows.get(i);
            long length = (long) run.units() * patchesPerUnit;
            parts[i] = attend(q, k, v, start, run.count(), length);
            start += run.count() * length;
        }
        return proj.forward(Tensors.cat(1, parts));
    }

    /**
     * {@code count} windows of {@code length} patches that begin at {@code start} in every grid: [grids, count *
     * length, hidden].
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
