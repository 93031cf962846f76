package org.videotg.app.measure;

/** What was not measured, and why. */
public record LeftOut(String what, Reason reason, String explanation) {
    /** The kinds of reasons. */
    public enum Reason {
        MEMORY,
        DISK,
        TIME,
        THREADS,
        FAILURE
    }
}
