package org.videotg.models.config;

import java.util.List;
import org.videotg.core.io.InputException;

/**
 * Sizes of the vision tower ({@code vision_config}).
 *
 * @param patchSize pixels of a patch's side
 * @param temporalPatchSize frames of a temporal grid
 * @param spatialMergeSize patches of a merged unit's side; one merged unit is one visual token
 * @param outHiddenSize size of a visual token, that of the language model
 * @param deepstackTaps blocks whose outputs DeepStack adds after the first decoder layers, in order;
 *     may be empty
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
        List<Integer> deepstackTaps) {
    /** Channels of a decoded frame. */
    private static final int RGB = 3;

    /** Base of the rotary frequencies in every tower. */
    public static final double ROPE_THETA = 10_000;

    public VisionConfig {
        deepstackTaps = List.copyOf(deepstackTaps);
        JsonFields.requirePositive("vision_config", "depth", depth);
        JsonFields.requirePositive("vision_config", "hidden_size", hiddenSize);
        JsonFields.requirePositive("vision_config", "intermediate_size", intermediateSize);
        JsonFields.requirePositive("vision_config", "patch_size", patchSize);
        JsonFields.requirePositive("vision_config", "temporal_patch_size", temporalPatchSize);
        JsonFields.requirePositive("vision_config", "spatial_merge_size", spatialMergeSize);
        JsonFields.requirePositive("vision_config", "out_hidden_size", outHiddenSize);
        JsonFields.requireDivisor("vision_config", "num_heads", numHeads, "hidden_size", hiddenSize);
        JsonFields.requireDivisor("vision_config", "4", 4, "head size", hiddenSize / numHeads);
        JsonFields.requireBlocks("deepstack_visual_indexes", deepstackTaps, depth);
        if (inChannels != RGB) {
            throw new IllegalArgumentException("vision_config: in_channels must be " + RGB + ", not " + inChannels);
        }
    }

    /**
     * Reads the section of {@code config.json}; what it leaves out has the defaults of transformers 5.18.
     *
     * @param activation of the family's tower, the only one that is supported ({@code hidden_act})
     */
    public static VisionConfig read(JsonFields vision, String activation, List<Integer> deepstackTaps) {
        if (!vision.text("hidden_act", activation).equals(activation)) {
            throw new InputException(vision.file() + ": vision_config: hidden_act \"" + vision.text("hidden_act", "")
                    + "\" is not supported; this family has " + activation);
        }
        double theta = vision.sectionOrNone("rope_parameters").number("rope_theta", ROPE_THETA);
        if (theta != ROPE_THETA) {
            throw new InputException(vision.file() + ": vision_config: rope_theta " + theta
                    + " is not supported; the towers of all published checkpoints have " + ROPE_THETA);
        }
        return new VisionConfig(
                vision.integer("depth"),
                vision.integer("hidden_size"),
                vision.integer("intermediate_size"),
                vision.integer("num_heads"),
                vision.integer("in_channels", vision.integer("in_chans", RGB)),
                vision.integer("patch_size"),
                vision.integer("temporal_patch_size", 2),
                vision.integer("spatial_merge_size", 2),
                vision.integer("out_hidden_size"),
                deepstackTaps);
    }

    public int headDim() {
        return hiddenSize / numHeads;
    }

    /** Numbers of one flattened patch: channels x frames x side x side. */
    public int patchDim() {
        return inChannels * temporalPatchSize * patchSize * patchSize;
    }
}
