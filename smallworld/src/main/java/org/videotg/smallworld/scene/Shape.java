package org.videotg.smallworld.scene;

import java.util.Locale;

/** Shape of an object. */
public enum Shape {
    SQUARE,
    CIRCLE,
    TRIANGLE,
    CROSS;

    /** The word in queries. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
