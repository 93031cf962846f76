package org.videotg.smallworld.scene;

import java.util.Objects;
import org.videotg.core.sample.Interval;

/**
 * An object does {@code action} in the seconds [start, end). It may be out of sight for some of them: the event goes on, and
 * whoever annotates it does so as a whole.
 *
 * @param start whole seconds from the start of the video
 * @param end whole seconds, after {@code start}
 * @param hiddenFrom first second out of sight
 * @param hiddenTo first second in sight again; equal to {@code hiddenFrom} if the object is in sight throughout
 */
public record Event(int start, int end, Action action, int hiddenFrom, int hiddenTo) {
    public Event(int start, int end, Action action) {
        this(start, end, action, start, start);
    }

    public Event {
        Objects.requireNonNull(action, "action");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("an event needs 0 <= start < end, not [" + start + ", " + end + ")");
        }
        if (hiddenFrom > hiddenTo || hiddenFrom < start || hiddenTo > end) {
            throw new IllegalArgumentException(
                    "[" + hiddenFrom + ", " + hiddenTo + ") must lie in [" + start + ", " + end + ")");
        }
    }

    /** The same event, out of sight in the seconds [from, to). */
    Event hidden(int from, int to) {
        return new Event(start, end, action, from, to);
    }

    public int length() {
        return end - start;
    }

    public boolean holdsAt(int second) {
        return start <= second && second < end;
    }

    /** Whether it goes on in that second and can be seen. */
    public boolean shownAt(int second) {
        return holdsAt(second) && (second < hiddenFrom || second >= hiddenTo);
    }

    public Interval interval() {
        return new Interval(start, end);
    }
}
