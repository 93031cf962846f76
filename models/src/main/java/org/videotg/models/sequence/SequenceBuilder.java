package org.videotg.models.sequence;

import java.util.Arrays;
import org.videotg.models.config.PositionScheme;

/**
 * Builds a {@link Prefix} from runs of text and of visual tokens. Positions as Qwen's {@code get_rope_index_25} and
 * {@code get_rope_index_3}: text advances on all axes alike; the visual tokens of a video start at one position, from
 * which times, rows and columns are counted; what follows starts at the maximum over all axes so far, plus one, or as
 * {@link PositionScheme} says.
 */
public final class SequenceBuilder {
    private final PositionScheme rule;
    private int[] ids = new int[256];
    private final long[][] positions = new long[3][256];
    private int[] slots = new int[64];
    private int length;
    private int visual;
    private long next;

    public SequenceBuilder() {
        this(PositionScheme.QWEN);
    }

    public SequenceBuilder(PositionScheme rule) {
        this.rule = rule;
    }

    public SequenceBuilder text(int... tokens) {
        for (int token : tokens) {
            add(token, next, next, next);
            next++;
        }
        return this;
    }

    /** Adds one temporal grid of {@code height} x {@code width} visual tokens. */
    public SequenceBuilder grid(int padToken, int height, int width) {
        return grids(padToken, new long[] {0}, height, width);
    }

    /**
     * Adds temporal grids of {@code height} x {@code width} visual tokens each, without text between them.
     *
     * @param times temporal position of each grid from the start of the video, ascending; at least one
     */
    public SequenceBuilder grids(int padToken, long[] times, int height, int width) {
        for (long time : times) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    if (visual == slots.length) {
                        slots = Arrays.copyOf(slots, 2 * visual);
                    }
                    slots[visual++] = length;
                    add(padToken, next + time, next + row, next + column);
                }
            }
        }
        next = rule.after(next, times[times.length - 1], height, width);
        return this;
    }

    private void add(int token, long time, long height, long width) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
            for (int axis = 0; axis < 3; axis++) {
                positions[axis] = Arrays.copyOf(positions[axis], 2 * length);
            }
        }
        ids[length] = token;
        positions[0][length] = time;
        positions[1][length] = height;
        positions[2][length++] = width;
    }

    public Prefix build() {
        long[][] trimmed = new long[3][];
        for (int axis = 0; axis < 3; axis++) {
            trimmed[axis] = Arrays.copyOf(positions[axis], length);
        }
        return new Prefix(Arrays.copyOf(ids, length), trimmed, Arrays.copyOf(slots, visual), next);
    }
}
