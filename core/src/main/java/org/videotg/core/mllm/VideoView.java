package org.videotg.core.mllm;

import java.util.Objects;
import org.videotg.core.grid.GridMask;
import org.videotg.core.sample.VideoRef;

/** A video, or a clip of one, with some of its temporal grids hidden. */
public record VideoView(VideoRef video, GridMask mask) {
    public VideoView {
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(mask, "mask");
    }

    /** All of it. */
    public static VideoView whole(VideoRef video) {
        return new VideoView(video, GridMask.none());
    }
}
