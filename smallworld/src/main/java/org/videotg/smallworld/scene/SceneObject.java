package org.videotg.smallworld.scene;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An object and all it does. Outside its events it is absent, and within them it may be hidden for a while. Its place carries
 * over from one event to the next.
 *
 * @param x horizontal centre at second 0 in pixels; motion wraps around at the frame's width
 * @param y vertical centre in pixels, the same in the whole video
 * @param speed of its motion in pixels per second
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

    /** What it can be seen to do in that second; nothing where it is absent or hidden. */
    public Optional<Action> actionAt(int second) {
        for (Event event : events) {
            if (event.shownAt(second)) {
                return Optional.of(event.action());
            }
        }
        return Optional.empty();
    }

    /** Whether it is shown in that frame of the video's own frames. */
    public boolean visibleAt(int frame) {
        int fps = Scene.FRAMES_PER_SECOND;
        return actionAt(frame / fps)
                .map(action -> action != Action.BLINKS || frame % fps < fps / 2)
                .orElse(false);
    }

    /** Horizontal centre in that frame, in [0, width). */
    public double xAt(int frame) {
        double seconds = (double) frame / Scene.FRAMES_PER_SECOND;
        double shift = 0;
        for (Event event : events) {
            shift += event.action().direction() * Math.max(0, Math.min(seconds, event.end()) - event.start());
        }
        double wrapped = (x + speed * shift) % Scene.WIDTH;
        return wrapped < 0 ? wrapped + Scene.WIDTH : wrapped;
    }

    /** The same object at another place. */
    public SceneObject at(double otherX, double otherY) {
        return new SceneObject(colour, shape, otherX, otherY, speed, events);
    }
}
