package org.videotg.video;

/**
 * How a decoded picture is turned and mirrored for display, as a container's display matrix says.
 *
 * @param transposed whether rows become columns, before any flip
 * @param flippedX whether left and right of the result change places
 * @param flippedY whether top and bottom of the result change places
 */
public record Orientation(boolean transposed, boolean flippedX, boolean flippedY) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    /**
     * The orientation nearest to a matrix that maps stored (x, y) to displayed (a x + c y, b x + d y), with y pointing
     * down.
     */
    static Orientation of(int a, int b, int c, int d) {
        return Math.abs((long) a) + Math.abs((long) d) >= Math.abs((long) b) + Math.abs((long) c)
                ? new Orientation(false, a < 0, d < 0)
                : new Orientation(true, c < 0, b < 0);
    }
}
