package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** The vision tower of a model. */
public final class VisionTower {
    private final VisionConfig config;
    private final Tensor patchWeight;
    private final Tensor patchBias;
    private final LearnedPositions learned;
    private final List<VisionBlock> blocks;
    private final PatchMerger merger;
    private final List<PatchMerger> deepstackMergers;

    /** @param name under which its parameters are published */
    public VisionTower(VisionConfig config, Parameters parameters, String name) {
        this.config = config;
        long hidden = config.hiddenSize();
        this.patchWeight = parameters.get(
                name + ".patch_embed.proj.weight",
                hidden,
                config.inChannels(),
                config.temporalPatchSize(),
                config.patchSize(),
                config.patchSize());
        if (config.design() instanceof VisionDesign.DeepStack design) {
            this.patchBias = parameters.get(name + ".patch_embed.proj.bias", hidden);
            this.learned = LearnedPositions.of(config, design, parameters, name + ".pos_embed");
        } else {
            this.patchBias = null;
            this.learned = null;
        }
        this.blocks = IntStream.range(0, config.depth())
                .mapToObj(i -> VisionBlock.of(config, parameters, name + ".blocks." + i))
                .toList();
        this.merger = PatchMerger.main(config, parameters, name + ".merger");
        this.deepstackMergers = IntStream.range(0, config.deepstackTaps().size())
                .mapToObj(i -> PatchMerger.deepstack(config, parameters, name + ".deepstack_merger_list." + i))
                .toList();
    }

    public VisionConfig config() {
        return config;
    }

    /**
     * Features of the grids of one video.
     *
     * @param patches [grids * height * width, patchDim], in merge-block order, on any device
     * @param grids temporal grids
     * @param height patches of a grid's height, a multiple of the merge size
     * @param width patches of a grid's width, likewise
     */
    public VideoFeatures forward(Tensor patches, int grids, int height, int width) {
        int merge = config.spatialMergeSize();
        GridLayout layout = GridLayout.of(config, height / merge, width / merge);
        Device device = Device.of(patchWeight);
        VisionRope rope = VisionRope.of(config, layout).on(device);
        Tensor x = Tensors.alone(() -> embed(patches, grids, height, width, layout));
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Tensor before = x;
            VisionBlock block = blocks.get(i);
            List<GridLayout.Run> windows = windows(i, layout);
            x = Tensors.alone(() -> block.forward(before, rope, windows, merge * merge));
            Tensors.drop(before);
            int tap = config.deepstackTaps().indexOf(i);
            if (tap >= 0) {
                deepstack.add(deepstackMergers.get(tap).forward(x));
            }
        }
        Tensor merged = merger.forward(x);
        return new VideoFeatures(
                layout.rows(),
                layout.columns(),
                layout.isReordered() ? merged.index_select(1, Tensors.ids(device, layout.places())) : merged,
                deepstack);
    }

    private List<GridLayout.Run> windows(int block, GridLayout layout) {
        return config.design() instanceof VisionDesign.Windowed windowed
                        && !windowed.fullAttentionBlocks().contains(block)
                ? layout.windows()
                : layout.whole();
    }

    /** The 3-D convolution whose stride is its kernel is a matrix product over flattened patches. */
    private Tensor embed(Tensor patches, int grids, int height, int width, GridLayout layout) {
        Tensor weight = patchWeight.view(config.hiddenSize(), config.patchDim());
        Tensor embedded = Tensors.linear(
                        Tensors.to(Device.of(weight), patches).to(weight.scalar_type()), weight, patchBias)
                .view(grids, (long) height * width, config.hiddenSize());
        int merge = config.spatialMergeSize();
        Tensor placed = learned == null
                ? embedded
                : embedded.add(learned.of(height, width, merge).to(embedded.scalar_type()));
        return layout.isReordered()
                ? placed.index_select(1, Tensors.ids(Device.of(placed), layout.patches(merge * merge)))
                : placed;
    }
}
