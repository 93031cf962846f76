package org.videotg.core.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of files and folders that are being written, {@code .NAME.SPACE-PID-START-N.partial}, and their removal.
 */
final class Temporaries {
    private static final Logger LOG = LoggerFactory.getLogger(Temporaries.class);
    private static final Pattern NAME = Pattern.compile(
            "\\.(?<of>.+)\\.(?:(?<space>[0-9a-f]{8})-)?(?<pid>\\d+)-(?<start>[0-9a-z]+)-\\d+\\.partial");
    /** Whose process can't be looked up is removed when it has not been written to for this long. */
    private static final Duration ABANDONED = Duration.ofHours(1);
    /** The start of a process is computed from the clock, which may have been set since. */
    private static final Duration CLOCK_ERROR = Duration.ofSeconds(10);
    /** From a run's folder down to the files of a model that it has written. */
    private static final int DEPTH = 3;

    private static final String SPACE = space();
    private static final long START = start(ProcessHandle.current()).toEpochMilli();
    private static final AtomicLong COUNT = new AtomicLong();

    private Temporaries() {}

    static Path beside(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + SPACE + "-"
                + ProcessHandle.current().pid() + "-" + Long.toString(START, 36) + "-" + COUNT.incrementAndGet()
                + ".partial");
    }

    /** Removes what processes that have ended left in a folder and below. */
    static void collect(Path folder) {
        collect(folder, DEPTH, "");
    }

    /** Removes what processes that have ended left of one file. */
    static void collectOf(Path file) {
        collect(file.toAbsolutePath().getParent(), 1, file.getFileName().toString());
    }

    private static void collect(Path folder, int depth, String of) {
        try (Stream<Path> below = Files.walk(folder, depth)) {
            List<Path> left = below.filter(path -> isLeft(path, of)).toList();
            for (Path path : left) {
                AtomicFiles.deleteTree(path);
                LOG.info("note: removed {}, which a process that was killed had left", path);
            }
        } catch (IOException | UncheckedIOException | OutputException e) {
            // Another process removed it first, or it may not be removed; it does no harm.
            LOG.debug("can't tidy up {}", folder, e);
        }
    }

    private static boolean isLeft(Path path, String of) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches() || !(of.isEmpty() || name.group("of").equals(of))) {
            return false;
        }
        // Names of earlier versions don't tell the space.
        if (name.group("space") == null || name.group("space").equals(SPACE)) {
            return ProcessHandle.of(Long.parseLong(name.group("pid")))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> name.group("space") == null || startedAt(process, name.group("start")))
                    .isEmpty();
        }
        try {
            return Files.getLastModifiedTime(path)
                    .toInstant()
                    .isBefore(Instant.now().minus(ABANDONED));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean startedAt(ProcessHandle process, String start) {
        Instant named = Instant.ofEpochMilli(Long.parseLong(start, 36));
        return Duration.between(named, start(process)).abs().compareTo(CLOCK_ERROR) < 0;
    }

    private static Instant start(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Names what process ids are counted in: a boot of a machine, and a container on it. */
    private static String space() {
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            Path container = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
            return Sha256.of(boot + container).substring(0, 8);
        } catch (IOException | UnsupportedOperationException e) {
            String host = Optional.ofNullable(System.getenv("COMPUTERNAME"))
                    .or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
                    .orElse("");
            return Sha256.of(host).substring(0, 8);
        }
    }
}
