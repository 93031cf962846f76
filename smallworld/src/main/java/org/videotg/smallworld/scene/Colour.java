package org.videotg.smallworld.scene;

import java.util.Locale;

/** Colour of an object, with its plain RGB value in 0..255 before a domain shifts it. */
public enum Colour {
    RED(235, 45, 40),
    GREEN(30, 200, 60),
    BLUE(50, 110, 255),
    YELLOW(250, 225, 40);

    private final int[] rgb;

    Colour(int... rgb) {
        this.rgb = rgb;
    }

    /** The word in queries. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A copy of (red, green, blue), 0..255. */
    public double[] rgb() {
        return new double[] {rgb[0], rgb[1], rgb[2]};
    }
}
