package org.videotg.benchmarks.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What was written.
 *
 * @param samples how many
 * @param files in the order they were written
 * @param leftOut ids of samples that the format can't state, by the reason
 * @param cautions ids of samples that a trainer which reads the format will not see as they are meant, by the reason
 */
public record Export(
        int samples, List<Path> files, Map<String, List<String>> leftOut, Map<String, List<String>> cautions) {
    public Export {
        files = List.copyOf(files);
        leftOut = Map.copyOf(leftOut);
        cautions = Map.copyOf(cautions);
    }
}
