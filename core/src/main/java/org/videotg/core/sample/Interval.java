package org.videotg.core.sample;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An interval of time [start, end] in seconds. It may be empty or reversed (end &lt;= start): published annotations
 * hold such rows and models answer with them, so they are represented and count as having no length. In JSON it is the
 * pair {@code [start, end]}.
 */
public record Interval(double start, double end) {
    /** @throws IllegalArgumentException if a bound is not finite */
    public Interval {
        if (!Double.isFinite(start) || !Double.isFinite(end)) {
            throw new IllegalArgumentException("interval bounds must be finite, not [" + start + ", " + end + "]");
        }
    }

    @JsonCreator
    static Interval ofPair(double[] pair) {
        if (pair.length != 2) {
            throw new IllegalArgumentException("an interval is a pair [start, end], not " + pair.length + " numbers");
        }
        return new Interval(pair[0], pair[1]);
    }

    @JsonValue
    double[] toPair() {
        return new double[] {start, end};
    }

    /** Length in seconds; 0 for an empty or reversed interval. */
    public double length() {
        return Math.max(0, end - start);
    }

    @JsonIgnore
    public boolean isEmpty() {
        return end <= start;
    }

    /** Whether the two share more than a point. */
    public boolean overlaps(Interval other) {
        return Math.min(end, other.end) > Math.max(start, other.start);
    }

    /** The same interval, wider by {@code margin} seconds on both sides. */
    public Interval dilate(double margin) {
        return new Interval(start - margin, end + margin);
    }

    /** The part inside [0, duration]. */
    public Interval clamp(double duration) {
        return new Interval(Math.min(Math.max(start, 0), duration), Math.min(Math.max(end, 0), duration));
    }
}
