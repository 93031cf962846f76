package org.videotg.models.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The positions of visual tokens and of the text after them, which Qwen and transformers compute differently. */
public enum PositionScheme {
    /** Qwen's own {@code rope2d.py}: at the maximum over all axes so far, plus one. The default. */
    QWEN,
    /**
     * transformers 5.x {@code get_rope_index}: max(height, width) merged units behind the video's start, however long
     * it lasts.
     */
    TRANSFORMERS;

    /** What sums of times may lack of a whole position. */
    private static final double ROUNDING = 1e-6;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the temporal position of a grid from the start of its video, computed in float32 and truncated as in the
     * references.
     *
     * @param grid index of the grid in the whole video
     * @param secondsPerGrid seconds from one grid to the next
     */
    public long time(int grid, double secondsPerGrid, int tokensPerSecond) {
        float seconds = (float) secondsPerGrid;
        return (long) (this == QWEN ? grid * seconds * tokensPerSecond : grid * (tokensPerSecond * seconds));
    }

    /**
     * Returns the temporal position of a grid that is placed by its presentation time: that of an evenly spaced grid
     * whose frames have the same mean time. The mean time of an evenly spaced pair is a quarter of the spacing behind
     * the start of its grid. Defined here; the references know no such grids.
     *
     * @param timestamp mean time of the grid's frames in seconds
     * @param secondsPerGrid seconds from one grid to the next on average
     */
    public static long timeOf(double timestamp, double secondsPerGrid, int tokensPerSecond) {
        double start = Math.max(0, timestamp - secondsPerGrid / 4);
        return (long) (start * tokensPerSecond + ROUNDING);
    }

    /**
     * Returns the position of what follows a video.
     *
     * @param start position at which the video starts
     * @param lastTime temporal position of its last grid, from its start
     * @param height merged units of a grid
     * @param width merged units of a grid
     */
    public long after(long start, long lastTime, int height, int width) {
        long side = Math.max(height, width);
        return start + (this == QWEN ? Math.max(side, lastTime + 1) : side);
    }
}
