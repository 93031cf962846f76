package org.videotg.core.grid;

import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

/** Which temporal grids of a video are hidden from the model, and how. Immutable. */
public final class GridMask {
    private static final GridMask NONE = new GridMask(new BitSet(), MaskMode.BLANK);

    private final BitSet masked;
    private final MaskMode mode;

    private GridMask(BitSet masked, MaskMode mode) {
        this.masked = (BitSet) masked.clone();
        this.mode = Objects.requireNonNull(mode, "mode");
    }

    /** The whole video is seen. */
    public static GridMask none() {
        return NONE;
    }

    public static GridMask of(BitSet masked, MaskMode mode) {
        return masked.isEmpty() ? NONE : new GridMask(masked, mode);
    }

    public boolean isMasked(int grid) {
        return masked.get(grid);
    }

    public boolean isNone() {
        return masked.isEmpty();
    }

    public int count() {
        return masked.cardinality();
    }

    public MaskMode mode() {
        return mode;
    }

    /** Indices of the visible ones among {@code grids} grids, ascending. */
    public int[] visible(int grids) {
        return IntStream.range(0, grids).filter(i -> !masked.get(i)).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GridMask mask && masked.equals(mask.masked) && (isNone() || mode == mask.mode);
    }

    @Override
    public int hashCode() {
        return masked.hashCode();
    }

    @Override
    public String toString() {
        return isNone() ? "no mask" : mode.id() + masked;
    }
}
