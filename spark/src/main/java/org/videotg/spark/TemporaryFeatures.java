package org.videotg.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;

/** Vision features that one executor keeps on its machine, so that both agents read a video once. */
final class TemporaryFeatures {
    /** Beyond so many files the oldest is deleted; samples in flight are far fewer. */
    private static final int FILES = 256;

    private final Path folder = JobFiles.ofProcess("features");

    Path folder() {
        return folder;
    }

    /** Deletes the oldest files beyond the limit. */
    synchronized void shrink() {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .toList();
            files.subList(0, Math.max(0, files.size() - FILES)).forEach(AtomicFiles::deleteTree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
