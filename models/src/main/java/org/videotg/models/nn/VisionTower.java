package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;

/**
 * The vision tower of a model: patches of temporal grids in, visual tokens out. AttentionFunction stays inside a grid,
 * so that a grid's features depend on its own pixels alone and can be cached.
 */
public interface VisionTower {
    /**
     * Computes the features of one video's grids, with gradients where they are on.
     *
     * @param patches [grids * height * width, patchDim], in merge-block order, on any device
     * @param grids temporal grids
     * @param height patches of a grid's height, a multiple of the merge size
     * @param width patches of a grid's width, likewise
     */
    GridFeatures forward(Tensor patches, int grids, int height, int width);

    /** Returns the last layer, whose outputs are the visual tokens. */
    Linear output();
}
