package org.videotg.model.preprocess;

import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.model.vision.VideoFeatures;

/**
 * A video after the vision tower.
 *
 * @param black features of one black grid of the same size
 */
public record SeenVideo(TemporalGrids grids, VideoFeatures features, VideoFeatures black) {
    /** What a masked view shows. */
    public VideoFeatures features(GridMask mask) {
        return features.masked(mask, black);
    }

    /** Timestamps, in seconds, of the grids that a masked view writes into the prompt. */
    public double[] timestamps(GridMask mask) {
        return grids.grids().stream().filter(grid -> mask.mode() == MaskMode.BLANK || !mask.isMasked(grid.index()))
                .mapToDouble(grid -> grid.timestamp()).toArray();
    }
}
