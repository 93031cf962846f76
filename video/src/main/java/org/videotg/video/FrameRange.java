package org.videotg.video;

import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/**
 * The frames of a clip: at a constant rate as qwen-vl-utils 0.0.14 counts them, else those presented within it.
 *
 * @param first index of the first frame
 * @param last index of the last frame, inclusive
 */
public record FrameRange(int first, int last) {
    public FrameRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no frames: " + first + " to " + last);
        }
    }

    /** Number of frames. */
    public int frames() {
        return last - first + 1;
    }

    /**
     * Returns the frames of a clip: from ceil(start * fps) to floor(end * fps), inclusive, at most to the last frame.
     *
     * @throws InputException if the clip lies outside the video or has no frame
     */
    public static FrameRange of(VideoFile video, Clip clip) {
        VideoInfo info = video.info();
        if (clip.isWhole()) {
            return new FrameRange(0, info.frames() - 1);
        }
        info.require(clip);
        return (info.timesFollowIndex() ? byIndex(info.frames(), info.fps(), clip) : byTime(video.times(), clip))
                .orElseThrow(() ->
                        new InputException(new VideoRef(info.path(), clip) + " holds no frame; give a longer clip"));
    }

    static Optional<FrameRange> byIndex(int frames, double fps, Clip clip) {
        int first = (int) Math.ceil(clip.start() * fps);
        int last = (int) Math.min(Math.floor(clip.end() * fps), frames - 1);
        return last < first ? Optional.empty() : Optional.of(new FrameRange(first, last));
    }

    private static Optional<FrameRange> byTime(double[] times, Clip clip) {
        int first = 0;
        while (first < times.length && times[first] < clip.start()) {
            first++;
        }
        int last = times.length - 1;
        while (last >= first && times[last] > clip.end()) {
            last--;
        }
        return last < first ? Optional.empty() : Optional.of(new FrameRange(first, last));
    }
}
