package org.videotg.models.qwen3vl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.FeedForward;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.Layer;
import org.videotg.models.nn.LayerNorm;
import org.videotg.models.nn.Linear;
import org.videotg.models.nn.PatchEmbedding;
import org.videotg.models.nn.PatchMerger;
import org.videotg.models.nn.VisionBlock;
import org.videotg.models.nn.VisionRope;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.tensor.Tensors;

/** The vision tower: LayerNorm, an MLP with the tanh form of GELU, a learned position table, and DeepStack. */
final class Qwen3VlVision implements VisionTower {
    private static final double EPS = 1e-6;

    private final VisionConfig config;
    private final PatchEmbedding embedding;
    private final LearnedPositions positions;
    private final List<VisionBlock> blocks;
    private final PatchMerger merger;
    private final List<PatchMerger> deepstackMergers;

    /** @param name prefix of its parameters */
    Qwen3VlVision(VisionConfig config, Qwen3VlConfig settings, ModelParameters parameters, String name) {
        this.config = config;
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        Function<String, Layer> norm = of -> LayerNorm.of(parameters, of, hidden, EPS);
        this.embedding = PatchEmbedding.of(config, parameters, name + ".patch_embed.proj", true);
        this.positions = LearnedPositions.of(config, settings, parameters, name + ".pos_embed");
        this.blocks = IntStream.range(0, config.depth())
                .mapToObj(i -> name + ".blocks." + i)
                .map(block -> VisionBlock.of(
                        config,
                        parameters,
                        block,
                        norm,
                        FeedForward.tanhGelu(
                                Linear.biased(parameters, block + ".mlp.linear_fc1", inner, hidden),
                                Linear.biased(parameters, block + ".mlp.linear_fc2", hidden, inner))))
                .toList();
        this.merger = merger(parameters, name + ".merger", false);
        this.deepstackMergers = IntStream.range(0, config.deepstackTaps().size())
                .mapToObj(i -> merger(parameters, name + ".deepstack_merger_list." + i, true))
                .toList();
    }

    /** The main merger normalises each patch, those of DeepStack the joined ones. */
    private PatchMerger merger(ModelParameters parameters, String name, boolean normAfterJoin) {
        long joined = PatchMerger.joined(config);
        return new PatchMerger(
                LayerNorm.of(parameters, name + ".norm", normAfterJoin ? joined : config.hiddenSize(), EPS),
                Linear.biased(parameters, name + ".linear_fc1", joined, joined),
                Linear.biased(parameters, name + ".linear_fc2", config.outHiddenSize(), joined),
                normAfterJoin);
    }

    @Override
    public GridFeatures forward(Tensor patches, int grids, int height, int width) {
        int merge = config.spatialMergeSize();
        int rows = height / merge;
        int columns = width / merge;
        int[] order = IntStream.range(0, rows * columns).toArray();
        VisionRope rope = VisionRope.of(config, order, columns).on(embedding.device());
        List<VisionBlock.Windows> whole = List.of(new VisionBlock.Windows(1, order.length));
        Tensor x = Tensors.scoped(() -> {
            Tensor embedded = embedding.forward(patches, grids);
            return embedded.add(positions.of(height, width, merge).to(embedded.scalar_type()));
        });
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Tensor before = x;
            VisionBlock block = blocks.get(i);
            x = Tensors.scoped(() -> block.forward(before, rope, whole, merge * merge));
            Tensors.drop(before);
            int tap = config.deepstackTaps().indexOf(i);
            if (tap >= 0) {
                deepstack.add(deepstackMergers.get(tap).forward(x));
            }
        }
        return new GridFeatures(rows, columns, merger.forward(x), deepstack);
    }

    @Override
    public Linear output() {
        return merger.second();
    }
}
