package org.videotg.video;

import java.util.List;
import org.videotg.core.sample.Clip;

/**
 * Which frames of a video are seen, and when. The arrays aren't copied; nobody changes them.
 *
 * @param indices frames of the file from 0, in order of presentation, ascending; one may repeat at a variable rate
 * @param times seconds, one per index: index / fps at a constant rate without a start offset (as the references have it), else
 *     presentation times; from the clip's start
 * @param clip of the file
 * @param range the clip's frames, of which these are some
 * @param notes one line if presentation times were used, saying why; else empty
 */
public record SampledFrames(
        int[] indices, double[] times, VideoInfo info, Clip clip, FrameRange range, List<String> notes) {
    public SampledFrames {
        if (indices.length == 0 || indices.length != times.length) {
            throw new IllegalArgumentException(indices.length + " frames with " + times.length + " times");
        }
        notes = List.copyOf(notes);
    }

    public int count() {
        return indices.length;
    }

    /** Seconds of the clip. */
    public double duration() {
        return clip.length(info.duration());
    }

    /** Sampled frames per second as the references compute it: count / frames * fps. */
    public double sampleFps() {
        return indices.length / (double) range.frames() * info.fps();
    }
}
