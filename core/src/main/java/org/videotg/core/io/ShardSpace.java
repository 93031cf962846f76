package org.videotg.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of {@link RecordShards}: their names and locks, and the removal of those that were used longest ago. */
final class ShardSpace {
    private static final Logger LOG = LoggerFactory.getLogger(ShardSpace.class);
    private static final String FOLDER = "shards";
    private static final String SUFFIX = ".pack";

    private final RecordShards.Settings settings;
    private final Path shardFolder;

    ShardSpace(RecordShards.Settings settings) {
        this.settings = settings;
        this.shardFolder = settings.folder().resolve(FOLDER).toAbsolutePath();
    }

    Set<Path> shards() {
        return files(shardFolder, SUFFIX).stream().map(Used::file).collect(Collectors.toSet());
    }

    /** Returns the number of a shard's writer. */
    static String writer(Path shard) {
        String name = shard.getFileName().toString();
        return name.substring(0, Math.max(0, name.indexOf('-')));
    }

    /** Takes the lock of a writer; empty if another process has it. */
    Optional<FolderLock> lock(String writer) {
        return FolderLock.tryBeside(shardFolder.resolve("writer-" + writer));
    }

    /** Returns the name of a new shard. */
    Path unused(int writer, Set<Path> known) {
        for (long time = System.currentTimeMillis(); ; time++) {
            Path file = shardFolder.resolve(writer + "-" + Long.toString(time, 36) + SUFFIX);
            if (!Files.exists(file) && !known.contains(file)) {
                return file;
            }
        }
    }

    /** A file, its size, and when it was used last. */
    private record Used(Path file, long bytes, FileTime time) {}

    private static List<Used> files(Path folder, String suffix) {
        if (suffix.isEmpty() || !Files.isDirectory(folder)) {
            return List.of();
        }
        List<Used> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.filter(
                            entry -> entry.getFileName().toString().endsWith(suffix))
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .toList()) {
                try {
                    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                    files.add(new Used(file, now.size(), now.lastModifiedTime()));
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was removed meanwhile", file, e);
                }
            }
        } catch (IOException e) {
            throw new OutputException("can't list " + folder + ": " + AtomicFiles.reason(e) + "; check the folder", e);
        }
        return files;
    }

    RecordShards.Size size() {
        List<Used> files = all();
        int packs = (int) files.stream().filter(each -> isShard(each.file())).count();
        return new RecordShards.Size(packs, files.size() - packs, bytes(files));
    }

    private static long bytes(List<Used> files) {
        return files.stream().mapToLong(Used::bytes).sum();
    }

    private boolean isShard(Path file) {
        return file.startsWith(shardFolder);
    }

    private List<Used> all() {
        return Stream.concat(files(shardFolder, SUFFIX).stream(), files(settings.folder(), settings.single()).stream())
                .sorted(Comparator.comparing(Used::time))
                .toList();
    }

    /** Removes what was used longest ago, until no more is left than the settings allow or one file. */
    void trim() {
        List<Used> files = all();
        long bytes = bytes(files);
        long before = bytes;
        for (Used each : files.subList(0, Math.max(0, files.size() - 1))) {
            if (bytes > settings.bytes() && remove(each.file())) {
                bytes -= each.bytes();
            }
        }
        if (bytes < before) {
            LOG.info(
                    "note: {}: removed {} bytes that were used longest ago; {} are kept",
                    settings.folder(),
                    before - bytes,
                    settings.bytes());
        }
    }

    /** Returns whether a file was removed; a shard that a process appends to is not. */
    private boolean remove(Path file) {
        boolean shard = isShard(file);
        Optional<FolderLock> lock = shard ? lock(writer(file)) : Optional.empty();
        if (shard && lock.isEmpty() && !isFull(file)) {
            return false;
        }
        try {
            AtomicFiles.deleteTree(file);
            return true;
        } catch (OutputException e) {
            LOG.debug("still in use, or removed by another process", e);
            return false;
        } finally {
            lock.ifPresent(FolderLock::close);
        }
    }

    private static boolean isFull(Path file) {
        RecordShard shard = new RecordShard(file);
        try {
            shard.news();
        } catch (IOException e) {
            LOG.debug("can't look at {}", file, e);
        }
        return shard.isFull();
    }
}
