package org.videotg.smallworld.scene;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.videotg.core.sample.Interval;
import org.videotg.smallworld.scene.Query.Action;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Query.Shape;

/**
 * An object and its events. It is absent outside its events and may be hidden during a part of them. An event begins
 * where the previous one left the object.
 *
 * @param x horizontal centre at second 0 in pixels; motion wraps around at the frame's width
 * @param y vertical centre in pixels, the same in the whole video
 * @param speed of moving actions, in pixels per second
 * @param events in order of time, without overlap
 */
public record SceneObject(Colour colour, Shape shape, double x, double y, double speed, List<Event> events) {
    public SceneObject {
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(shape, "shape");
        events = List.copyOf(events);
        for (int i = 1; i < events.size(); i++) {
            if (events.get(i).start() < events.get(i - 1).end()) {
                throw new IllegalArgumentException(
                        "events of one object must be in order and must not overlap: " + events);
            }
        }
    }

    /** Returns the visible action in a second; empty where the object is absent or hidden. */
    public Optional<Action> actionAt(int second) {
        for (Event event : events) {
            if (event.visibleAt(second)) {
                return Optional.of(event.action());
            }
        }
        return Optional.empty();
    }

    /** Returns whether the object is drawn in a frame of the written video. */
    public boolean visibleAt(int frame) {
        int fps = Scene.FRAMES_PER_SECOND;
        return actionAt(frame / fps)
                .map(action -> action != Action.BLINKS || frame % fps < fps / 2)
                .orElse(false);
    }

    /** Returns the horizontal centre in a frame, in [0, width). */
    public double xAt(int frame) {
        double seconds = (double) frame / Scene.FRAMES_PER_SECOND;
        double shift = 0;
        for (Event event : events) {
            shift += event.action().direction() * Math.max(0, Math.min(seconds, event.end()) - event.start());
        }
        double wrapped = (x + speed * shift) % Scene.WIDTH;
        return wrapped < 0 ? wrapped + Scene.WIDTH : wrapped;
    }

    /** Returns the same object at another place. */
    public SceneObject at(double otherX, double otherY) {
        return new SceneObject(colour, shape, otherX, otherY, speed, events);
    }

    /**
     * An action in the seconds [start, end). The object may be hidden for some of them; the event continues meanwhile
     * and is annotated as a whole.
     *
     * @param start whole seconds from the start of the video
     * @param end whole seconds, after {@code start}
     * @param hiddenFrom first hidden second
     * @param hiddenTo first visible second after that; equal to {@code hiddenFrom} if the object is always visible
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

        /** Returns the same event, hidden in the seconds [from, to). */
        Event hidden(int from, int to) {
            return new Event(start, end, action, from, to);
        }

        public int length() {
            return end - start;
        }

        public boolean holdsAt(int second) {
            return start <= second && second < end;
        }

        /** Returns whether the event takes place in a second and can be seen. */
        public boolean visibleAt(int second) {
            return holdsAt(second) && (second < hiddenFrom || second >= hiddenTo);
        }

        public Interval interval() {
            return new Interval(start, end);
        }
    }
}
