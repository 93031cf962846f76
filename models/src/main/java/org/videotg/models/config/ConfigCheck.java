package org.videotg.models.config;

import java.util.List;

/** Checks shared by the configuration records. */
final class ConfigCheck {
    private ConfigCheck() {}

    static void positive(String section, String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(section + ": " + field + " must be at least 1, not " + value);
        }
    }

    static void divides(String section, String field, int divisor, String what, int value) {
        if (divisor < 1 || value < 1 || value % divisor != 0) {
            throw new IllegalArgumentException(
                    section + ": " + field + " (" + divisor + ") must divide " + what + " (" + value + ")");
        }
    }

    static void blocks(String field, List<Integer> indexes, int depth) {
        for (int index : indexes) {
            if (index < 0 || index >= depth) {
                throw new IllegalArgumentException(
                        "vision_config: " + field + " names block " + index + " of " + depth);
            }
        }
    }
}
