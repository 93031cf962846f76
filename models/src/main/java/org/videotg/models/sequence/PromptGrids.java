package org.videotg.models.sequence;

import java.util.stream.IntStream;

/**
 * The temporal grids of a video in a prompt, without those that a mask drops.
 *
 * @param indices of these grids in the whole video, ascending
 * @param timestamps seconds, one per grid
 * @param secondsPerGrid seconds from one grid of the whole video to the next
 * @param height merged units of a grid
 * @param width merged units of a grid
 */
public record PromptGrids(int[] indices, double[] timestamps, double secondsPerGrid, int height, int width) {
    /** No video. */
    public static final PromptGrids NONE = new PromptGrids(new int[0], new double[0], 1, 1, 1);

    public PromptGrids {
        if (indices.length != timestamps.length || height < 1 || width < 1 || !(secondsPerGrid > 0)) {
            throw new IllegalArgumentException(indices.length + " grids of " + height + "x" + width + " with "
                    + timestamps.length + " timestamps, " + secondsPerGrid + " seconds each");
        }
    }

    /** Returns every grid of a video. */
    public static PromptGrids all(double[] timestamps, double secondsPerGrid, int height, int width) {
        return new PromptGrids(
                IntStream.range(0, timestamps.length).toArray(), timestamps, secondsPerGrid, height, width);
    }

    public int count() {
        return indices.length;
    }
}
