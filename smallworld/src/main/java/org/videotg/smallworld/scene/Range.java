package org.videotg.smallworld.scene;

import java.util.Random;

/** A closed range that values are drawn from. */
public record Range(double min, double max) {
    public Range {
        if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
            throw new IllegalArgumentException("a range needs min <= max, not [" + min + ", " + max + "]");
        }
    }

    /** A real number, uniform. */
    public double draw(Random random) {
        return min + (max - min) * random.nextDouble();
    }

    /** A whole number, uniform over those in the range. */
    public int drawWhole(Random random) {
        int first = (int) Math.ceil(min);
        return first + random.nextInt((int) Math.floor(max) - first + 1);
    }
}
