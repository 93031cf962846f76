package org.videotg.core.sample;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a command does about samples whose video can't serve ({@link VideoCheck}). */
public enum OnBadVideo {
    /** It names all of them and ends before work begins. */
    STOP,
    /** It names and counts them and goes on without their samples. */
    SKIP;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
