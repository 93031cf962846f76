package org.videotg.models;

import java.util.stream.IntStream;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.sequence.PromptGrids;

/**
 * A whole video after the vision tower, before anything is masked: its features, their times, and the features of a
 * black grid.
 *
 * @param spacing of the grids
 * @param black features of one black grid of the same size
 */
public record EncodedVideo(TemporalGrids grids, GridSpacing spacing, GridFeatures features, GridFeatures black) {
    /** Returns the features of a masked view. */
    public GridFeatures features(GridMask mask) {
        return features.masked(mask, black);
    }

    /** Returns the grids that a masked view writes into the prompt. */
    public PromptGrids visible(GridMask mask) {
        int[] indices =
                mask.mode() == MaskMode.BLANK ? IntStream.range(0, grids.size()).toArray() : mask.visible(grids.size());
        return new PromptGrids(
                indices,
                IntStream.of(indices)
                        .mapToDouble(i -> grids.grids().get(i).timestamp())
                        .toArray(),
                spacing,
                features.gridHeight(),
                features.gridWidth());
    }
}
