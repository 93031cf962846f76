package org.videotg.world.scene;

import java.util.Objects;
import org.videotg.core.interval.Interval;

/**
 * An object does {@code action} in the seconds [start, end).
 *
 * @param start whole seconds from the start of the video
 * @param end whole seconds, after {@code start}
 */
public record Event(int start, int end, Action action) {
    public Event {
        Objects.requireNonNull(action, "action");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("an event needs 0 <= start < end, not [" + start + ", " + end + ")");
        }
    }

    public int length() {
        return end - start;
    }

    public boolean holdsAt(int second) {
        return start <= second && second < end;
    }

    public Interval interval() {
        return new Interval(start, end);
    }
}
