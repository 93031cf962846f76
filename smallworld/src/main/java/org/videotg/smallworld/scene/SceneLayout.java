package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Places the objects of a scene: in rows of the frame, at any column. Each object takes, of several random places, the
 * one where it overlaps earlier objects, or rests across the frame's edge, for the shortest time.
 */
final class SceneLayout {
    private static final int CANDIDATES = 32;
    /** Steps per second in which flaws are counted. */
    private static final int STEPS = 2;

    private SceneLayout() {}

    static List<SceneObject> place(Random random, List<SceneObject> objects, int size, int seconds) {
        int rows = Scene.HEIGHT / size;
        List<SceneObject> placed = new ArrayList<>();
        for (SceneObject object : objects) {
            SceneObject best = null;
            int least = Integer.MAX_VALUE;
            for (int i = 0; i < CANDIDATES && least > 0; i++) {
                double y = (random.nextInt(rows) + .5) * Scene.HEIGHT / rows;
                SceneObject candidate = object.at(random.nextInt(Scene.WIDTH), y);
                int flaws = cut(candidate, size, seconds)
                        + placed.stream()
                                .mapToInt(other -> overlapping(candidate, other, size, seconds))
                                .sum();
                if (flaws < least) {
                    least = flaws;
                    best = candidate;
                }
            }
            placed.add(best);
        }
        return placed;
    }

    /** Returns the number of steps in which the object rests across the edge of the frame. */
    private static int cut(SceneObject object, int size, int seconds) {
        int count = 0;
        for (int second = 0; second < seconds; second++) {
            double x = object.xAt(second * Scene.FRAMES_PER_SECOND);
            boolean across = Math.min(x, Scene.WIDTH - x) < size / 2.0;
            count += across
                            && object.actionAt(second)
                                    .filter(action -> action.direction() == 0)
                                    .isPresent()
                    ? STEPS
                    : 0;
        }
        return count;
    }

    /** Returns the number of steps in which both objects are visible and overlap. */
    private static int overlapping(SceneObject a, SceneObject b, int size, int seconds) {
        if (Math.abs(a.y() - b.y()) >= size) {
            return 0;
        }
        int count = 0;
        for (int step = 0; step < seconds * STEPS; step++) {
            int second = step / STEPS;
            if (a.actionAt(second).isPresent() && b.actionAt(second).isPresent()) {
                int frame = step * Scene.FRAMES_PER_SECOND / STEPS;
                double apart = Math.abs(a.xAt(frame) - b.xAt(frame));
                count += Math.min(apart, Scene.WIDTH - apart) < size ? 1 : 0;
            }
        }
        return count;
    }
}
