package org.videotg.core.sample;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A part of a video file, in seconds of the file. Times, intervals and durations that belong to a clip count from its
 * start.
 *
 * @param start where it begins, at least 0
 * @param end where it ends, after the start; infinite for the end of the file
 */
public record Clip(double start, double end) {
    /** The whole file. */
    public static final Clip WHOLE = new Clip(0, Double.POSITIVE_INFINITY);
    /** The fields of a row that state a clip. */
    public static final String START_FIELD = "video_start";
    /** Where the clip ends. */
    public static final String END_FIELD = "video_end";
    /**
     * A clip may end this many seconds after its file: published ends are rounded, and containers state durations that
     * differ by an audio track. The frames end with the file then.
     */
    public static final double SLACK = 1;

    /** @throws IllegalArgumentException if it is reversed, empty, negative or not a number */
    public Clip {
        if (!(start >= 0) || Double.isInfinite(start) || !(end > start)) {
            throw new IllegalArgumentException("a clip must begin at 0 s or later and end after it begins, not from "
                    + seconds(start) + " to " + seconds(end));
        }
    }

    /** A clip of which either bound may be missing. */
    public static Clip of(OptionalDouble start, OptionalDouble end) {
        return new Clip(start.orElse(0), end.orElse(Double.POSITIVE_INFINITY));
    }

    public boolean isWhole() {
        return equals(WHOLE);
    }

    /** Whether it says where it ends. */
    public boolean isBounded() {
        return end < Double.POSITIVE_INFINITY;
    }

    /** Seconds of the clip in a file of {@code fileSeconds}. */
    public double length(double fileSeconds) {
        return Math.min(end, fileSeconds) - start;
    }

    /** Whether a file of so many seconds holds it, up to {@link #SLACK}. */
    public boolean fits(double fileSeconds) {
        return start < fileSeconds && (!isBounded() || end <= fileSeconds + SLACK);
    }

    /** Whether a file of so many seconds is rather the clip itself, cut already. */
    public boolean isCutAlready(double fileSeconds) {
        return isBounded() && !fits(fileSeconds) && Math.abs(fileSeconds - (end - start)) <= SLACK;
    }

    /** Like {@code from 39.00 s to 84.70 s}. */
    @Override
    public String toString() {
        return isWhole() ? "whole" : "from " + seconds(start) + " to " + seconds(end);
    }

    private static String seconds(double value) {
        return Double.isInfinite(value) ? "the end" : String.format(Locale.ROOT, "%.2f s", value);
    }
}
