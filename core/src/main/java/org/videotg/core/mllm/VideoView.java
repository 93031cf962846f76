package org.videotg.core.mllm;

import java.nio.file.Path;
import java.util.Objects;
import org.videotg.core.grid.GridMask;

/** A video with some of its temporal grids hidden. */
public record VideoView(Path video, GridMask mask) {
    public VideoView {
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(mask, "mask");
    }

    public static VideoView whole(Path video) {
        return new VideoView(video, GridMask.none());
    }
}
