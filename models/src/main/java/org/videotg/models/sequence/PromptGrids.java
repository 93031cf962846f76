package org.videotg.models.sequence;

import java.util.stream.IntStream;
import org.videotg.core.grid.GridSpacing;

/**
 * The temporal grids of a video in a prompt, without those that a mask drops.
 *
 * @param indices of these grids in the whole video, ascending
 * @param timestamps seconds, one per grid
 * @param spacing of the grids of the whole video
 * @param height merged units of a grid
 * @param width merged units of a grid
 */
public record PromptGrids(int[] indices, double[] timestamps, GridSpacing spacing, int height, int width) {
    /** No video. */
    public static final PromptGrids NONE = new PromptGrids(new int[0], new double[0], GridSpacing.even(1), 1, 1);

    public PromptGrids {
        if (indices.length != timestamps.length || height < 1 || width < 1) {
            throw new IllegalArgumentException(indices.length + " grids of " + height + "x" + width + " with "
                    + timestamps.length + " timestamps");
        }
    }

    /** Returns every grid of a video. */
    public static PromptGrids all(double[] timestamps, GridSpacing spacing, int height, int width) {
        return new PromptGrids(IntStream.range(0, timestamps.length).toArray(), timestamps, spacing, height, width);
    }

    public int count() {
        return indices.length;
    }
}
