package org.videotg.core.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second run out of a folder, or of a file, for as long as the first one lives. The operating system gives the
 * lock back when its process ends, however it ends. Taking it removes the unfinished files of runs that were killed.
 */
public final class FolderLock implements AutoCloseable {
    private static final String NAME = ".lock";
    private static final long PAUSE_MILLIS = 200;

    /**
     * What this process holds. No second channel of such a file is opened, since closing any channel of a file gives back
     * all locks that a process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
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
        FolderLock lock = take(file, lockOf(file), timeout);
        Temporaries.collectOf(file);
        return lock;
    }

    /**
     * Takes the lock of a single file if it is free.
     *
     * @throws OutputException if its folder can't be written to
     */
    public static Optional<FolderLock> tryBeside(Path file) {
        try {
            AtomicFiles.createFolders(file.toAbsolutePath().getParent());
            return attempt(lockOf(file));
        } catch (IOException e) {
            throw new OutputException(unable(file, e).getMessage(), e);
        }
    }

    private static FolderLock take(Path held, Path name, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        try {
            AtomicFiles.createFolders(name.toAbsolutePath().getParent());
            Optional<FolderLock> lock = attempt(name);
            while (lock.isEmpty() && System.nanoTime() < until) {
                Thread.sleep(PAUSE_MILLIS);
                lock = attempt(name);
            }
            return lock.orElseThrow(() -> new InputException(
                    held + " is in use by another run; wait for it to end, or choose another place"));
        } catch (IOException e) {
            throw unable(held, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("stopped while waiting for " + held + "; run the same command again", e);
        }
    }

    private static Path lockOf(Path file) {
        return file.resolveSibling("." + file.getFileName() + NAME);
    }

    private static InputException unable(Path held, IOException e) {
        return new InputException("can't lock " + held + ": " + AtomicFiles.reason(e) + "; check the folder", e);
    }

    private static Optional<FolderLock> attempt(Path name) throws IOException {
        Path file = name.toAbsolutePath().getParent().toRealPath().resolve(name.getFileName());
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            return taken ? Optional.of(new FolderLock(file, channel)) : Optional.empty();
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(file);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InputException("can't release a lock: " + AtomicFiles.reason(e), e);
        } finally {
            HELD.remove(file);
        }
    }
}
