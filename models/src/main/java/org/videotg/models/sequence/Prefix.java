package org.videotg.models.sequence;

import java.util.Arrays;

/**
 * The beginning of a row, which its suffixes (rollouts, questions) share.
 *
 * @param ids tokens
 * @param positions [3][tokens]: time, height and width
 * @param visualSlots indices of the visual tokens, ascending
 * @param next position, on all axes, of the token that follows
 */
public record Prefix(int[] ids, long[][] positions, int[] visualSlots, long next) {
    public Prefix {
        if (ids.length == 0 || positions.length != 3 || positions[0].length != ids.length) {
            throw new IllegalArgumentException("a prefix has at least one token and three positions for each");
        }
    }

    public int length() {
        return ids.length;
    }

    /** Returns the prefix followed by more text. */
    public Prefix append(int[] text) {
        int[] all = Arrays.copyOf(ids, ids.length + text.length);
        System.arraycopy(text, 0, all, ids.length, text.length);
        long[][] extended = new long[3][];
        for (int axis = 0; axis < 3; axis++) {
            extended[axis] = Arrays.copyOf(positions[axis], all.length);
            for (int i = 0; i < text.length; i++) {
                extended[axis][ids.length + i] = next + i;
            }
        }
        return new Prefix(all, extended, visualSlots, next + text.length);
    }
}
