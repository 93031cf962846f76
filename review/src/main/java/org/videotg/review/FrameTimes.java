package org.videotg.review;

/**
 * Frames of Label Studio, which count from 1, and seconds: frame n is shown from (n - 1) / fps on. A range plays until
 * its last frame begins to be shown; the last frame of a file also stands for the file's end.
 *
 * @param fps frames a second of the file
 * @param frames of the file
 */
record FrameTimes(double fps, int frames) {
    FrameTimes {
        if (!(fps > 0) || Double.isInfinite(fps) || frames < 1) {
            throw new IllegalArgumentException(
                    "a video has a frame rate above 0 and at least one frame, not " + fps + " and " + frames);
        }
    }

    /** Returns the frame that is nearest to the boundary of an interval. */
    int frame(double seconds) {
        return (int) Math.max(1, Math.min(frames, Math.round(seconds * fps) + 1));
    }

    /** Returns when a frame begins. */
    double start(int frame) {
        return (Math.min(frame, frames) - 1) / fps;
    }

    /** Returns where a range that ends with a frame ends. */
    double end(int frame) {
        return frame >= frames ? frames / fps : start(frame);
    }
}
