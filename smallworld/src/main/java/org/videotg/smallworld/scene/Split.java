package org.videotg.smallworld.scene;

import java.util.Locale;

/** Which part of a world a scene belongs to; only training annotations may be partial. */
public enum Split {
    TRAIN,
    TEST;

    /** The name in ids and purposes of draws. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
