package org.videotg.model.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.config.VisionConfig;
import org.videotg.model.tensor.Tensors;

/** The vision tower of Qwen3-VL ({@code model.visual}). */
public final class VisionTower {
    /** Under this name its parameters are published. */
    public static final String NAME = "model.visual";

    private final VisionConfig config;
    private final Tensor patchWeight;
    private final Tensor patchBias;
    private final Tensor positionTable;
    private final List<VisionBlock> blocks;
    private final PatchMerger merger;
    private final List<PatchMerger> deepstackMergers;

    public VisionTower(VisionConfig config, Parameters parameters) {
        this.config = config;
        long hidden = config.hiddenSize();
        this.patchWeight = parameters.get(NAME + ".patch_embed.proj.weight", hidden, config.inChannels(),
                config.temporalPatchSize(), config.patchSize(), config.patchSize());
        this.patchBias = parameters.get(NAME + ".patch_embed.proj.bias", hidden);
        this.positionTable = parameters.get(NAME + ".pos_embed.weight", config.numPositionEmbeddings(), hidden);
        this.blocks = IntStream.range(0, config.depth()).mapToObj(i -> VisionBlock.of(config, parameters, i)).toList();
        this.merger = PatchMerger.of(config, parameters, NAME + ".merger", false);
        this.deepstackMergers = IntStream.range(0, config.deepstackIndexes().size())
                .mapToObj(i -> PatchMerger.of(config, parameters, NAME + ".deepstack_merger_list." + i, true)).toList();
    }

    public VisionConfig config() {
        return config;
    }

    /**
     * Features of the grids of one video.
     *
     * @param patches [grids * height * width, patchDim], in merge-block order
     * @param grids temporal grids
     * @param height patches of a grid's height, a multiple of the merge size
     * @param width patches of a grid's width, likewise
     */
    public VideoFeatures forward(Tensor patches, int grids, int height, int width) {
        VisionPositions positions = VisionPositions.of(config, height, width);
        Tensor x = embed(patches, positions).view(grids, (long) height * width, config.hiddenSize());
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(x, positions);
            int tap = config.deepstackIndexes().indexOf(i);
            if (tap >= 0) {
                deepstack.add(deepstackMergers.get(tap).forward(x));
            }
        }
        int merge = config.spatialMergeSize();
        return new VideoFeatures(height / merge, width / merge, merger.forward(x), deepstack);
    }

    /** The 3-D convolution whose stride is its kernel is a matrix product over flattened patches. */
    private Tensor embed(Tensor patches, VisionPositions positions) {
        Tensor weight = patchWeight.view(config.hiddenSize(), config.patchDim());
        Tensor embedded = Tensors.linear(patches.to(weight.scalar_type()), weight, patchBias);
        Tensor corners = positionTable.index_select(0, positions.corners()).view(-1, 4, config.hiddenSize());
        Tensor learned = corners.mul(positions.weights()).sum(1).to(embedded.scalar_type());
        long perGrid = learned.size(0);
        return embedded.view(-1, perGrid, config.hiddenSize()).add(learned);
    }
}
