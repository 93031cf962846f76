package org.videotg.models.qwen25vl;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.FeedForward;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.Layer;
import org.videotg.models.nn.Linear;
import org.videotg.models.nn.PatchEmbedding;
import org.videotg.models.nn.PatchMerger;
import org.videotg.models.nn.RmsNorm;
import org.videotg.models.nn.VisionBlock;
import org.videotg.models.nn.VisionRope;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** The vision tower: RMSNorm, SwiGLU, and attention inside square windows in all but a few blocks. */
final class Qwen25VlVision implements VisionTower {
    private static final double EPS = 1e-6;

    private final VisionConfig config;
    private final Qwen25VlConfig settings;
    private final PatchEmbedding embedding;
    private final List<VisionBlock> blocks;
    private final PatchMerger merger;

    /** @param name prefix of its parameters */
    Qwen25VlVision(VisionConfig config, Qwen25VlConfig settings, ModelParameters parameters, String name) {
        this.config = config;
        this.settings = settings;
        long hidden = config.hiddenSize();
        Function<String, Layer> norm = of -> RmsNorm.of(parameters, of, hidden, EPS);
        this.embedding = PatchEmbedding.of(config, parameters, name + ".patch_embed.proj", false);
        this.blocks = IntStream.range(0, config.depth())
                .mapToObj(i -> name + ".blocks." + i)
                .map(block -> VisionBlock.of(
                        config,
                        parameters,
                        block,
                        norm,
                        FeedForward.swiGlu(parameters, block + ".mlp", hidden, config.intermediateSize(), true)))
                .toList();
        long joined = PatchMerger.joined(config);
        this.merger = new PatchMerger(
                norm.apply(name + ".merger.ln_q"),
                Linear.biased(parameters, name + ".merger.mlp.0", joined, joined),
                Linear.biased(parameters, name + ".merger.mlp.2", config.outHiddenSize(), joined),
                false);
    }

    @Override
    public GridFeatures forward(Tensor patches, int grids, int height, int width) {
        int merge = config.spatialMergeSize();
        int unit = merge * merge;
        WindowLayout layout = WindowLayout.of(height / merge, width / merge, settings.windowUnits());
        Device device = embedding.device();
        VisionRope rope =
                VisionRope.of(config, layout.order(), layout.columns()).on(device);
        Tensor x = Tensors.scoped(
                () -> embedding.forward(patches, grids).index_select(1, Tensors.ids(device, layout.patches(unit))));
        for (int i = 0; i < blocks.size(); i++) {
            Tensor before = x;
            VisionBlock block = blocks.get(i);
            List<VisionBlock.Windows> windows =
                    settings.fullAttentionBlocks().contains(i) ? layout.whole() : layout.windows();
            x = Tensors.scoped(() -> block.forward(before, rope, windows, unit));
            Tensors.drop(before);
        }
        Tensor merged = merger.forward(x).index_select(1, Tensors.ids(device, layout.places()));
        return new GridFeatures(layout.rows(), layout.columns(), merged, List.of());
    }

    @Override
    public Linear output() {
        return merger.second();
    }
}
