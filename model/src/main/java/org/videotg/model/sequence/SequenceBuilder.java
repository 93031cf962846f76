package org.videotg.model.sequence;

import java.util.Arrays;

/**
 * Builds a {@link Prefix} from runs of text and of visual tokens. Positions as Qwen's {@code get_rope_index_3}: text advances on all
 * axes alike; a grid's visual tokens share one time and count rows and columns from it; what follows starts at the
 * maximum over all axes so far, plus one.
 */
public final class SequenceBuilder {
    private int[] ids = new int[256];
    private final long[][] positions = new long[3][256];
    private int[] slots = new int[64];
    private int length;
    private int visual;
    private long next;

    public SequenceBuilder text(int... tokens) {
        for (int token : tokens) {
            add(token, next, next, next);
            next++;
        }
        return this;
    }

    /** One temporal grid of {@code height} x {@code width} visual tokens. */
    public SequenceBuilder grid(int padToken, int height, int width) {
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                if (visual == slots.length) {
                    slots = Arrays.copyOf(slots, 2 * visual);
                }
                slots[visual++] = length;
                add(padToken, next, next + row, next + column);
            }
        }
        next += Math.max(height, width);
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
