package org.videotg.core.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Keeps a second run out of a folder, or of a file, for as long as the first one lives. The operating system gives the
 * lock back when its process ends, however it ends. Taking it removes the unfinished files of runs that were killed.
 */
public final class FolderLock implements AutoCloseable {
    private static final String NAME = ".lock";
    private static final long PAUSE_MILLIS = 200;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, and waits for a run that is just ending.
     *
     * @param folder is made if it is missing
     * @param timeout how long to wait
     * @throws InputException if another run still holds the folder then
     */
    public static FolderLock take(Path folder, Duration timeout) {
        FolderLock lock = take(folder, folder.resolve(NAME), timeout);
        Temporaries.collect(folder);
        return lock;
    }

    /**
     * Takes the lock of a single file that a run appends to; other files of its folder stay free.
     *
     * @throws InputException if another run still holds the file then
     */
    public static FolderLock beside(Path file, Duration timeout) {
        FolderLock lock = take(file, file.resolveSibling("." + file.getFileName() + NAME), timeout);
        Temporaries.collectOf(file);
        return lock;
    }

    private static FolderLock take(Path held, Path name, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        try {
            AtomicFiles.createFolders(name.toAbsolutePath().getParent());
            FolderLock lock =
                    new FolderLock(FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            boolean taken = false;
            try {
                for (taken = lock.locked(); !taken && System.nanoTime() < until; taken = lock.locked()) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            } finally {
                if (!taken) {
                    lock.close();
                }
            }
            if (!taken) {
                throw new InputException(
                        held + " is in use by another run; wait for it to end, or choose another place");
            }
            return lock;
        } catch (IOException e) {
            throw new InputException("can't lock " + held + ": " + AtomicFiles.reason(e) + "; check the folder", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("stopped while waiting for " + held + "; run the same command again", e);
        }
    }

    private boolean locked() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InputException("can't release a lock: " + AtomicFiles.reason(e), e);
        }
    }
}
