package org.videotg.models.config;

import java.util.Arrays;
import java.util.Locale;

/** Which program's rules turn a video into frames of a size. */
public enum Preprocessing {
    /** The video processor of transformers 5.18 with the checkpoint's own configuration. */
    HF,
    /** qwen-vl-utils 0.0.14. */
    UTILS,
    /** qwen-vl-utils, then another resize by the processor of transformers, as without {@code do_resize=False}. */
    UTILS_HF;

    /** By which options call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '+');
    }

    /** The one of that label, or null. */
    static Preprocessing labelled(String label) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(label))
                .findFirst()
                .orElse(null);
    }
}
