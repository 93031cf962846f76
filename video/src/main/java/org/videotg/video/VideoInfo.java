package org.videotg.video;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/**
 * Properties of a video file.
 *
 * @param width of a displayed picture, with square pixels and after its orientation was applied
 * @param height of a displayed picture
 * @param duration seconds from the start of the first frame to the end of the last
 * @param fps frames / duration; the rate that the container states, if the frames' times follow it
 * @param frames number of pictures that a player shows
 * @param constantRate whether every frame comes index / fps after the first one, to within 20 ms and half a frame
 * @param startOffset seconds from the start of the presentation to the first frame
 * @param orientation of a decoded picture for display
 * @param codec the codec's name in FFmpeg, such as h264
 * @param counted whether the frames are those that the decoder gives, in its order, because packets don't tell them
 * @param notes what a reader of results should know about the file, a line each, with its path
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
        Orientation orientation,
        String codec,
        boolean counted,
        List<String> notes) {
    public VideoInfo {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(orientation, "orientation");
        Objects.requireNonNull(codec, "codec");
        notes = List.copyOf(notes);
        if (width < 1 || height < 1 || frames < 1 || !(fps > 0) || !(duration > 0) || !Double.isFinite(startOffset)) {
            throw new IllegalArgumentException("not a video: " + width + "x" + height + ", " + frames + " frames, "
                    + fps + " fps, " + duration + " s, offset " + startOffset + " s");
        }
    }

    /** Whether index / fps is the time of a frame in the presentation: a constant rate and no start offset. */
    public boolean timesFollowIndex() {
        return constantRate && Math.abs(startOffset) <= toleranceOf(fps);
    }

    /** Returns {@link #notes}, and one with the reason if presentation times are used. */
    public List<String> notesWithTimes() {
        if (timesFollowIndex()) {
            return notes;
        }
        String reason = constantRate
                ? String.format(Locale.ROOT, "its first frame is shown at %.3f s", startOffset)
                : "its frame rate varies";
        List<String> all = new ArrayList<>(notes);
        all.add(path + ": " + reason + ", so times are presentation times, not index / fps");
        return all;
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
