package org.videotg.video;

import java.util.List;
import org.videotg.core.sample.Clip;

/**
 * The frames chosen from a video, with their times. The arrays are not copied and must not be changed.
 *
 * @param indices frames of the file from 0, in order of presentation, ascending; may repeat at a variable rate
 * @param times seconds from the clip's start, one per index: from index / fps at a constant rate without a start
 *     offset, as in the references, else from presentation times
 * @param clip the part of the file that was sampled
 * @param range all frames of the clip
 * @param notes those of the file ({@link VideoInfo#notes}), and one with the reason if presentation times were used
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

    /** Length of the clip in seconds. */
    public double duration() {
        return clip.length(info.duration());
    }

    /** Sampled frames per second as the references compute it: count / frames * fps. */
    public double sampleFps() {
        return indices.length / (double) range.frames() * info.fps();
    }
}
