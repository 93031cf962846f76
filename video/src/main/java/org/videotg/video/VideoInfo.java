package org.videotg.video;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/**
 * Properties of a video file that are known without decoding it.
 *
 * @param width of a displayed picture (after rotation), in pixels
 * @param height of a displayed picture (after rotation), in pixels
 * @param duration seconds from the start of the first frame to the end of the last
 * @param fps average frames per second according to the container
 * @param frames number of presented frames, without those that an edit list removes
 * @param constantRate whether every frame comes index / fps after the first one, to within 20 ms and half a frame
 * @param startOffset seconds from the start of the presentation to the first frame
 * @param rotation degrees clockwise by which a decoded picture is turned for display: 0, 90, 180 or 270
 * @param codec the codec's name in FFmpeg, such as h264
 */
public record VideoInfo(
        Path path,
        int width,
        int height,
        double duration,
        double fps,
        int frames,
        boolean constantRate,
        double startOffset,
        int rotation,
        String codec) {
    public VideoInfo {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(codec, "codec");
        if (width < 1
                || height < 1
                || frames < 1
                || !(fps > 0)
                || !(duration > 0)
                || !Double.isFinite(startOffset)
                || rotation < 0
                || rotation >= 360
                || rotation % 90 != 0) {
            throw new IllegalArgumentException("not a video: " + width + "x" + height + ", " + frames + " frames, "
                    + fps + " fps, " + duration + " s, offset " + startOffset + " s, rotation " + rotation);
        }
    }

    /** Whether index / fps is the time of a frame in the presentation: a constant rate and no start offset. */
    public boolean timesFollowIndex() {
        return constantRate && Math.abs(startOffset) <= toleranceOf(fps);
    }

    /**
     * Refuses a clip outside the file, which may exceed it by up to {@link Clip#SLACK}.
     *
     * @throws InputException naming the clip and the file's end
     */
    public void require(Clip clip) {
        if (!clip.fits(duration)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s, but the file ends at %.2f s; %s",
                    new VideoRef(path, clip),
                    duration,
                    clip.isCutAlready(duration)
                            ? "it is probably the clip itself, cut already: leave out " + Clip.START_FIELD + " and "
                                    + Clip.END_FIELD
                            : "correct the clip, or give the whole video"));
        }
    }

    /** Tolerance between a frame's time and index / fps at a constant rate in seconds: half a frame, at most 20 ms. */
    static double toleranceOf(double fps) {
        return Math.min(0.5 / fps, 0.02);
    }
}
