package org.videotg.models.config;

import com.fasterxml.jackson.annotation.JsonValue;
import org.videotg.core.io.InputException;

/**
 * The seconds of a temporal grid from which temporal positions are computed ({@code second_per_grid_ts}); versions of
 * transformers disagree.
 *
 * @param rule {@code exact}: the seconds between the grids of the sampled frames. {@code whole}: these truncated, so
 *     that above two frames a second all positions are 0 (transformers 4.57 and 5.14). A number: the same for every
 *     video, 1 where the processor was not told the frame rate or generation did not pass the seconds on
 */
public record SecondPerGridRule(@JsonValue String rule) {
    public SecondPerGridRule {
        if (!rule.equals("exact") && !rule.equals("whole")) {
            double seconds = number(rule);
            if (!(seconds >= 0) || Double.isInfinite(seconds)) {
                throw new InputException("must be exact, whole or a number of at least 0, not \"" + rule + "\"");
            }
            rule = Double.toString(seconds);
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Whether the seconds between grids are the actual ones. */
    public boolean isExact() {
        return rule.equals("exact");
    }

    /** @param actual seconds from one grid to the next */
    public double of(double actual) {
        return switch (rule) {
            case "exact" -> actual;
            case "whole" -> Math.floor(actual);
            default -> Double.parseDouble(rule);
        };
    }
}
