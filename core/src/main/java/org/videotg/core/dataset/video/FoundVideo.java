package org.videotg.core.dataset.video;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.interval.Interval;

/**
 * The file of an annotated video.
 *
 * @param file absolute
 * @param clip the part of the file that the annotated name means, in seconds, if the file is the whole video behind a clip
 * @param others further files that have the name as well and match no worse; empty if the choice was clear
 */
public record FoundVideo(Path file, Optional<Interval> clip, List<Path> others) {
    public FoundVideo {
        others = List.copyOf(others);
    }
}
