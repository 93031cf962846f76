package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.smallworld.scene.SceneObject.Event;

/**
 * The content of one video: its objects, what they do, and the query about it.
 *
 * @param seconds length of the video
 * @param size side of the objects in pixels
 * @param objects in drawing order, later ones over earlier ones; the order is independent of the query
 * @param query the sentence that the sample asks about
 * @param annotation the annotated interval in whole seconds: complete or partial, see {@link SceneGenerator}
 */
public record Scene(int seconds, int size, Look look, List<SceneObject> objects, Query query, Interval annotation) {
    public static final int WIDTH = 64;
    public static final int HEIGHT = 64;
    /** Frames per second of the written video. Sampled at 2 fps, a second gives one temporal grid. */
    public static final int FRAMES_PER_SECOND = 4;

    public Scene {
        Objects.requireNonNull(look, "look");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(annotation, "annotation");
        objects = List.copyOf(objects);
    }

    public int frames() {
        return seconds * FRAMES_PER_SECOND;
    }

    /** Returns the intervals in which a query holds, disjoint and in order. */
    public List<Interval> truth(Query other) {
        List<Interval> holds = new ArrayList<>();
        for (SceneObject object : objects) {
            if (object.colour() == other.colour() && object.shape() == other.shape()) {
                object.events().stream()
                        .filter(event -> event.action() == other.action())
                        .map(Event::interval)
                        .forEach(holds::add);
            }
        }
        return Intervals.merge(holds);
    }

    /** Returns the distinct queries that hold and can be seen in a second. */
    public List<Query> holdingAt(int second) {
        return objects.stream()
                .flatMap(object ->
                        object.actionAt(second).map(a -> new Query(object.colour(), object.shape(), a)).stream())
                .distinct()
                .toList();
    }

    /**
     * The appearance of a scene apart from its objects.
     *
     * @param red red of the background, 0..255, as {@code green} and {@code blue}
     * @param texture amplitude of the static waves on the background, 0..255
     * @param waveX number of waves across the frame; {@code waveY}: down the frame
     * @param noise standard deviation of the brightness noise, as a share of 255
     * @param contrast share of an object's difference from the background that is kept, in (0, 1]
     * @param hueShift rotation of the objects' hues in degrees
     * @param brightness factor on the objects' colours
     * @param noiseSeed seed of the noise of all frames
     */
    public record Look(
            double red,
            double green,
            double blue,
            double texture,
            double waveX,
            double waveY,
            double noise,
            double contrast,
            double hueShift,
            double brightness,
            long noiseSeed) {
        public Look {
            if (noise < 0 || !(contrast > 0 && contrast <= 1)) {
                throw new IllegalArgumentException(
                        "a look needs noise >= 0 and contrast in (0, 1], not " + noise + ", " + contrast);
            }
        }
    }
}
