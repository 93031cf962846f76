package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Gives objects their places: rows of the frame's height, and any column. Of a number of drawn places each object takes the
 * one where, for the shortest time, it overlaps those placed before it or rests across the frame's edge, cut in two.
 */
final class Placement {
    private static final int CANDIDATES = 32;
    /** Steps per second at which flaws are counted. */
    private static final int STEPS = 2;

    private Placement() {}

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

    /** In how many steps it is present, at rest and across the edge. */
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

    /** In how many steps the two are present and overlap. */
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
