package org.videotg.app.convert;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.annotation.ReadSettings;

/**
 * What to convert, and how.
 *
 * @param annotations the file
 * @param read how it is read; if strict, whatever would be left out is an error
 * @param videos folder to look for the videos in; empty to take their paths as they are written
 * @param fixes quirks to mend
 * @param absolute whether the videos' paths are written absolute
 * @param out the file to be written, to whose folder the other paths are relative
 */
public record ConvertSettings(
        Path annotations, ReadSettings read, Optional<Path> videos, Set<Quirk> fixes, boolean absolute, Path out) {
    public ConvertSettings {
        fixes = Set.copyOf(fixes);
    }
}
