package org.videotg.app.measure;

import java.util.function.LongSupplier;

/** The time that a measuring may take. What is about to begin is estimated, and estimates learn from what was done. */
final class TimeLimit {
    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final long begin;
    private final double seconds;
    /** Seconds that one estimated second took. */
    private double factor = 1;

    /** @param nanos a clock */
    TimeLimit(double seconds, LongSupplier nanos) {
        this.seconds = seconds;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
    }

    double elapsed() {
        return (nanos.getAsLong() - begin) / NANOS;
    }

    double left() {
        return Math.max(0, seconds - elapsed());
    }

    /** Returns the seconds that work will take by what such work has taken before. */
    double corrected(double estimate) {
        return factor * estimate;
    }

    /** Notes that work of that estimate took so many seconds. */
    void took(double estimate, double spent) {
        factor = spent / estimate;
    }
}
