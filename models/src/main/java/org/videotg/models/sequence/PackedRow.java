package org.videotg.models.sequence;

import java.util.Arrays;
import java.util.List;

/**
 * One row [prefix | s1 | ... | sG]. Every suffix starts at the position after the prefix, as if it were the only one.
 *
 * @param suffixes tokens of each suffix; empty ones are not allowed
 */
public record PackedRow(Prefix prefix, List<int[]> suffixes) {
    public PackedRow {
        suffixes = List.copyOf(suffixes);
        for (int[] suffix : suffixes) {
            if (suffix.length == 0) {
                throw new IllegalArgumentException("a suffix has at least one token");
            }
        }
    }

    /** Returns the number of tokens of the row. */
    public int length() {
        return prefix.length() + suffixes.stream().mapToInt(s -> s.length).sum();
    }

    public int[] suffixLengths() {
        return suffixes.stream().mapToInt(s -> s.length).toArray();
    }

    public int[] ids() {
        int[] ids = Arrays.copyOf(prefix.ids(), length());
        int at = prefix.length();
        for (int[] suffix : suffixes) {
            System.arraycopy(suffix, 0, ids, at, suffix.length);
            at += suffix.length;
        }
        return ids;
    }

    /** [3][tokens]. */
    public long[][] positions() {
        long[][] positions = new long[3][];
        for (int axis = 0; axis < 3; axis++) {
            positions[axis] = Arrays.copyOf(prefix.positions()[axis], length());
            int at = prefix.length();
            for (int[] suffix : suffixes) {
                for (int i = 0; i < suffix.length; i++) {
                    positions[axis][at++] = prefix.next() + i;
                }
            }
        }
        return positions;
    }

    /**
     * Returns the rows of the hidden states that predict the tokens of suffix {@code g}; the last token of the prefix
     * predicts its first token.
     */
    public int[] predictors(int g) {
        int start = prefix.length();
        for (int i = 0; i < g; i++) {
            start += suffixes.get(i).length;
        }
        int[] rows = new int[suffixes.get(g).length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i == 0 ? prefix.length() - 1 : start + i - 1;
        }
        return rows;
    }
}
