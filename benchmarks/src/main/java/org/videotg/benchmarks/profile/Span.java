package org.videotg.benchmarks.profile;

import java.util.List;
import org.videotg.core.sample.Interval;

/**
 * A pair of seconds as a file or a reply states it. Unlike {@link Interval} it may be infinite: evaluators parse
 * numbers of any length.
 */
public record Span(double start, double end) {
    private static final int SHOWN_DIGITS = 6;

    static List<Span> of(List<Interval> intervals) {
        return intervals.stream()
                .map(interval -> new Span(interval.start(), interval.end()))
                .toList();
    }

    /** The same with start and end exchanged. */
    public Span swapped() {
        return new Span(end, start);
    }

    /** The span for people, rounded to six decimals. */
    public String title() {
        return new Span(Arithmetic.fixed(start, SHOWN_DIGITS), Arithmetic.fixed(end, SHOWN_DIGITS)).toString();
    }

    /** Like {@code [1.5, 4.0]}; exact, since rows without ids are named by it. */
    @Override
    public String toString() {
        return "[" + start + ", " + end + "]";
    }
}
