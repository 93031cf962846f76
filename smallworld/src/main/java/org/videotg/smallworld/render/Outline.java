package org.videotg.smallworld.render;

import org.videotg.smallworld.scene.Shape;

/** Signed distances to the outlines of shapes that fill a square of side {@code 2 * half}, centred at the origin. */
final class Outline {
    /** Half the thickness of a cross's bars, as a share of its half side. */
    private static final double BAR = .34;

    private static final double SLOPE = Math.sqrt(5);

    private Outline() {}

    /**
     * Distance in pixels, below zero inside; exact near the outline except at corners.
     *
     * @param x to the right of the centre, pixels
     * @param y below the centre, pixels
     */
    static double distance(Shape shape, double x, double y, double half) {
        return switch (shape) {
            case SQUARE -> box(x, y, .9 * half, .9 * half);
            case CIRCLE -> Math.hypot(x, y) - half;
            // Apex at (0, -half), base at y = half: the sides have the normal (2, -1).
            case TRIANGLE -> Math.max(y - half, (2 * Math.abs(x) - y - half) / SLOPE);
            case CROSS -> Math.min(box(x, y, half, BAR * half), box(x, y, BAR * half, half));
        };
    }

    private static double box(double x, double y, double halfWidth, double halfHeight) {
        return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
    }
}
