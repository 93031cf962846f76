package org.videotg.app.convert;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.Quirk;

/**
 * What to convert, and how.
 *
 * @param annotations the file
 * @param read how it is read; if strict, whatever would be left out is an error
 * @param videos folder to look for the videos in; empty to take their paths as they are written
 * @param fixes quirks to repair
 * @param absolute whether the videos' paths are written absolute
 * @param out the file to be written, to whose folder the other paths are relative
 * @param check whether nothing is to be written, so that a file of which no sample can be made is no error
 */
public record ConvertSettings(
        Path annotations,
        AnnotationFile.Settings read,
        Optional<Path> videos,
        Set<Quirk> fixes,
        boolean absolute,
        Path out,
        boolean check) {
    public ConvertSettings {
        fixes = Set.copyOf(fixes);
    }
}
