package org.videotg.benchmarks.profile;

/**
 * A pair of seconds as a file or a reply says it. Unlike {@link org.videotg.core.sample.Interval} it may be infinite:
 * evaluators parse numbers of any length.
 */
public record Span(double start, double end) {
    /** The same with start and end exchanged. */
    public Span swapped() {
        return new Span(end, start);
    }

    @Override
    public String toString() {
        return "[" + start + ", " + end + "]";
    }
}
