package org.videotg.core.grid;

/**
 * The time from one temporal grid of a whole video to the next.
 *
 * @param seconds on average, as the references compute it: temporal patch / sampled frames a second
 * @param even whether every grid begins at its index times {@code seconds}; false if frames are placed by their
 *     presentation times, because the rate varies or the first frame is shown later than 0
 */
public record GridSpacing(double seconds, boolean even) {
    public GridSpacing {
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("grids " + seconds + " s apart");
        }
    }

    /** Returns the spacing of grids that begin at their index times {@code seconds}. */
    public static GridSpacing even(double seconds) {
        return new GridSpacing(seconds, true);
    }
}
