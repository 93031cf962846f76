package org.videotg.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a folder of files that can be made again below a size: the oldest go. */
final class FolderLimit {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLimit.class);
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final Path folder;
    private final long limit;
    private long next = System.nanoTime();

    FolderLimit(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    private record Entry(Path file, long modified, long bytes) {}

    /** Looks after the folder, unless that was done seconds ago. */
    synchronized void look() {
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + PAUSE_NANOS;
            trim();
        }
    }

    synchronized void trim() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Entry> entries = new ArrayList<>();
            for (Path file : files.toList()) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    entries.add(new Entry(file, attributes.lastModifiedTime().toMillis(), attributes.size()));
                }
            }
            entries.sort(Comparator.comparingLong(Entry::modified));
            long bytes = entries.stream().mapToLong(Entry::bytes).sum();
            for (Entry entry : entries) {
                if (bytes <= limit) {
                    return;
                }
                Files.deleteIfExists(entry.file());
                bytes -= entry.bytes();
            }
        } catch (IOException | UncheckedIOException e) {
            // A file was written or removed meanwhile; the next look finds it.
            LOG.debug("can't look after {}", folder, e);
        }
    }
}
