package org.videotg.models.config;

import java.util.List;
import java.util.Objects;

/**
 * Sizes of the vision tower ({@code vision_config}).
 *
 * @param patchSize pixels of a patch's side
 * @param temporalPatchSize frames of a temporal grid
 * @param spatialMergeSize patches of a merged unit's side; one merged unit is one visual token
 * @param outHiddenSize size of a visual token, that of the language model
 * @param design what only this family has
 */
public record VisionConfig(
        int depth,
        int hiddenSize,
        int intermediateSize,
        int numHeads,
        int inChannels,
        int patchSize,
        int temporalPatchSize,
        int spatialMergeSize,
        int outHiddenSize,
        VisionDesign design) {
    /** Channels of a decoded frame. */
    private static final int RGB = 3;

    public VisionConfig {
        Objects.requireNonNull(design, "design");
        ConfigCheck.positive("vision_config", "depth", depth);
        ConfigCheck.positive("vision_config", "hidden_size", hiddenSize);
        ConfigCheck.positive("vision_config", "intermediate_size", intermediateSize);
        ConfigCheck.positive("vision_config", "patch_size", patchSize);
        ConfigCheck.positive("vision_config", "temporal_patch_size", temporalPatchSize);
        ConfigCheck.positive("vision_config", "spatial_merge_size", spatialMergeSize);
        ConfigCheck.positive("vision_config", "out_hidden_size", outHiddenSize);
        ConfigCheck.divides("vision_config", "num_heads", numHeads, "hidden_size", hiddenSize);
        ConfigCheck.divides("vision_config", "4", 4, "head size", hiddenSize / numHeads);
        if (inChannels != RGB) {
            throw new IllegalArgumentException("vision_config: in_channels must be " + RGB + ", not " + inChannels);
        }
    }

    /** Reads the section of a family's {@code config.json}; what it leaves out has the defaults of transformers 5.18. */
    static VisionConfig of(ModelFamily family, ConfigFields vision) {
        VisionDesign design = switch (family) {
            case QWEN2_5_VL ->
                new VisionDesign.Windowed(
                        vision.integer("window_size", 112),
                        vision.integers("fullatt_block_indexes", List.of(7, 15, 23, 31)),
                        vision.integer("tokens_per_second", 4));
            case QWEN3_VL ->
                new VisionDesign.DeepStack(
                        vision.integer("num_position_embeddings"), vision.integers("deepstack_visual_indexes"));
        };
        VisionConfig config = new VisionConfig(
                vision.integer("depth"),
                vision.integer("hidden_size"),
                vision.integer("intermediate_size"),
                vision.integer("num_heads"),
                vision.integer("in_channels", vision.integer("in_chans", RGB)),
                vision.integer("patch_size"),
                vision.integer("temporal_patch_size", 2),
                vision.integer("spatial_merge_size", 2),
                vision.integer("out_hidden_size"),
                design);
        design.check(config);
        return config;
    }

    public int headDim() {
        return hiddenSize / numHeads;
    }

    /** Numbers of one flattened patch: channels x frames x side x side. */
    public int patchDim() {
        return inChannels * temporalPatchSize * patchSize * patchSize;
    }

    /** Blocks after which DeepStack features are taken; none in a family without DeepStack. */
    public List<Integer> deepstackTaps() {
        return design instanceof VisionDesign.DeepStack deepstack ? deepstack.taps() : List.of();
    }
}
