package org.videotg.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;

/** What several commands check about their options. */
final class Checks {
    /** A stopped run's process may still be ending. */
    static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private Checks() {}

    static int atLeast(int least, String option, int value) {
        if (value < least) {
            throw new InputException(option + " must be at least " + least + ", not " + value);
        }
        return value;
    }

    /** A place for a file: not a folder. */
    static Path file(String option, Path path) {
        if (Files.isDirectory(path)) {
            throw new InputException(option + " " + path + " is a folder; give the name of a file");
        }
        return path;
    }

    /** A place for a folder: not a file. */
    static Path folder(String option, Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new InputException(option + " " + path + " is a file; give the name of a folder");
        }
        return path;
    }

    static boolean empty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage() + "; check the path", e);
        }
    }
}
