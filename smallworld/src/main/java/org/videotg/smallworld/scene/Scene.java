package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;

/**
 * One video before it is drawn.
 *
 * @param seconds its length, whole seconds
 * @param size side of the objects in pixels
 * @param objects later ones are drawn over earlier ones; their order says nothing about the query
 * @param query the sentence asked about
 * @param annotation the annotated interval in whole seconds: complete, or partial (see {@link SceneGenerator})
 */
public record Scene(int seconds, int size, Look look, List<SceneObject> objects, Query query, Interval annotation) {
    public static final int WIDTH = 64;
    public static final int HEIGHT = 64;
    /** Frames per second of the written video; two of four are seen when sampled at 2 fps: one temporal grid a second. */
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

    /** The planted truth: every interval in which the query holds, disjoint and in order; empty if it never does. */
    public List<Interval> truth(Query asked) {
        List<Interval> holds = new ArrayList<>();
        for (SceneObject object : objects) {
            if (object.colour() == asked.colour() && object.shape() == asked.shape()) {
                object.events().stream()
                        .filter(event -> event.action() == asked.action())
                        .map(Event::interval)
                        .forEach(holds::add);
            }
        }
        return Intervals.merge(holds);
    }

    /** The queries that hold in that second, without repetition. */
    public List<Query> holdingAt(int second) {
        return objects.stream()
                .flatMap(object ->
                        object.actionAt(second).map(a -> new Query(object.colour(), object.shape(), a)).stream())
                .distinct()
                .toList();
    }
}
