package org.videotg.model.config;

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
            throw new IllegalArgumentException(section + ": " + field + " (" + divisor + ") must divide " + what + " (" + value + ")");
        }
    }
}
