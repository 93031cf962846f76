package org.videotg.core.grid;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a masked grid is hidden (defined by this project, not by the paper). */
public enum MaskMode {
    /** The grid shows black frames and keeps its place and timestamp. */
    BLANK,
    /** The grid and its time text leave the sequence; the others keep their timestamps. */
    DROP;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
