package org.videotg.model.config;

import java.util.List;

/**
 * Sizes of the vision tower ({@code vision_config}).
 *
 * @param patchSize pixels of a patch's side
 * @param temporalPatchSize frames of a temporal grid
 * @param spatialMergeSize patches of a merged unit's side; one merged unit is one visual token
 * @param numPositionEmbeddings entries of the learned square position table
 * @param deepstackIndexes blocks after which DeepStack features are tapped, in order
 */
public record VisionConfig(int depth, int hiddenSize, int intermediateSize, int numHeads, int inChannels, int patchSize,
        int temporalPatchSize, int spatialMergeSize, int outHiddenSize, int numPositionEmbeddings,
        List<Integer> deepstackIndexes) {
    public VisionConfig {
        deepstackIndexes = List.copyOf(deepstackIndexes);
        ConfigCheck.positive("vision_config", "depth", depth);
        ConfigCheck.positive("vision_config", "hidden_size", hiddenSize);
        ConfigCheck.positive("vision_config", "intermediate_size", intermediateSize);
        ConfigCheck.positive("vision_config", "patch_size", patchSize);
        ConfigCheck.positive("vision_config", "temporal_patch_size", temporalPatchSize);
        ConfigCheck.positive("vision_config", "spatial_merge_size", spatialMergeSize);
        ConfigCheck.positive("vision_config", "out_hidden_size", outHiddenSize);
        ConfigCheck.divides("vision_config", "num_heads", numHeads, "hidden_size", hiddenSize);
        ConfigCheck.divides("vision_config", "4", 4, "head size", hiddenSize / numHeads);
        int side = (int) Math.round(Math.sqrt(numPositionEmbeddings));
        if (side * side != numPositionEmbeddings) {
            throw new IllegalArgumentException("vision_config: num_position_embeddings must be a square, not "
                    + numPositionEmbeddings);
        }
        for (int index : deepstackIndexes) {
            if (index < 0 || index >= depth) {
                throw new IllegalArgumentException("vision_config: deepstack_visual_indexes names block " + index + " of "
                        + depth);
            }
        }
    }

    public int headDim() {
        return hiddenSize / numHeads;
    }

    /** Numbers of one flattened patch: channels x frames x side x side. */
    public int patchDim() {
        return inChannels * temporalPatchSize * patchSize * patchSize;
    }

    public int positionsPerSide() {
        return (int) Math.round(Math.sqrt(numPositionEmbeddings));
    }
}
