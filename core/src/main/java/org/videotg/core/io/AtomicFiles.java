package org.videotg.core.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;

/** Files that are written under a temporary name and then moved, so that a reader never sees half of one. */
public final class AtomicFiles {
    /** Tells apart processes that share a folder but not a machine, or not its process ids. */
    private static final String PROCESS = ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);

    private static final AtomicLong WRITTEN = new AtomicLong();
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 100;

    private AtomicFiles() {}

    /** What fills the temporary file. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    /**
     * Writes a file. Several threads and processes may write the same one: each has a temporary name of its own, and
     * the last one to end wins.
     *
     * @throws OutputException if it can't be written
     */
    public static void write(Path target, Writer writer) {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling(
                "." + absolute.getFileName() + "." + PROCESS + "-" + WRITTEN.incrementAndGet() + ".partial");
        boolean moved = false;
        try {
            Files.createDirectories(absolute.getParent());
            writer.write(temporary);
            move(temporary, absolute);
            moved = true;
        } catch (IOException e) {
            throw new OutputException(
                    "can't write " + target + ": " + reason(e) + "; check the folder and free space", e);
        } finally {
            if (!moved) {
                discard(temporary);
            }
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // What kept the file from being written is what is reported.
        }
    }

    /** Windows refuses to replace a file while somebody reads it; a reader is soon done. */
    private static void move(Path temporary, Path target) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                replace(temporary, target);
                return;
            } catch (AccessDeniedException e) {
                if (attempt == ATTEMPTS || !Files.isWritable(target)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void replace(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for a reader");
        }
    }

    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    public static String readString(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(file + " does not exist; check the path", e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new InputException(file + " is not UTF-8 text; give a text file", e);
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + reason(e), e);
        }
    }

    static byte[] readBytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + reason(e), e);
        }
    }

    static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "")
                + (e.getMessage() == null
                        ? ""
                        : " (" + e.getMessage().lines().findFirst().orElse("") + ")");
    }
}
