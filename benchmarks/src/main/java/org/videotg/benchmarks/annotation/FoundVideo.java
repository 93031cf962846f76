package org.videotg.benchmarks.annotation;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.sample.Clip;

/**
 * The file of an annotated video.
 *
 * @param file absolute
 * @param clip the part of the file that the annotated name means
 * @param others further files that have the name as well and match no worse; empty if the choice was clear
 */
public record FoundVideo(Path file, Clip clip, List<Path> others) {
    public FoundVideo {
        others = List.copyOf(others);
    }
}
