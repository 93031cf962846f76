package org.videotg.core.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The calls on which it depends what a power failure leaves. A file's bytes and a folder's names are lost unless they
 * have been forced. Tests replace the calls and look at what would be left after each.
 */
class Disk {
    private static volatile Disk current = new Disk();

    static Disk current() {
        return current;
    }

    static void replace(Disk disk) {
        current = disk;
    }

    /** Waits until a file's bytes are on the medium. */
    void force(Path file) throws IOException {
        // Windows wants the right to write; a copy of a read-only file can only be opened for reading.
        boolean writable = Files.isWritable(file);
        try (FileChannel channel =
                FileChannel.open(file, writable ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
            force(channel, file);
        }
    }

    /** The same for a file that is open. */
    void force(FileChannel channel, Path file) throws IOException {
        channel.force(true);
    }

    /**
     * Waits until a folder's names are on the medium. Not every file system offers this, Windows does not, and a folder
     * that may not be read cannot be opened.
     */
    void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (!(e instanceof AccessDeniedException)
                    && !message.contains("Invalid argument")
                    && !message.contains("Bad file descriptor")) {
                throw e;
            }
        }
    }

    /** Renames a file or folder; a file that has the new name is replaced. */
    void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void delete(Path fileOrEmptyFolder) throws IOException {
        Files.delete(fileOrEmptyFolder);
    }
}
