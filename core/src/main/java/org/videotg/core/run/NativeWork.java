package org.videotg.core.run;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A computation in a native library, from {@link #begin} to {@link #close} in one thread. At a normal end of the
 * process libraries free what their computations still use, which crashes; {@link #haltOnShutdown} ends the process
 * without it. Nothing is lost: results are written row by row, files under temporary names.
 */
public final class NativeWork implements AutoCloseable {
    /** The exit code that shells report for Ctrl-C. */
    public static final int INTERRUPTED = 130;

    /** Computations hold the read lock; a shutdown takes the write lock for good. */
    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    private NativeWork() {}

    /** Begins a computation. During a shutdown this blocks, so that none begins while libraries are taken down. */
    public static NativeWork begin() {
        LOCK.readLock().lock();
        return new NativeWork();
    }

    @Override
    public void close() {
        LOCK.readLock().unlock();
    }

    /** Makes a shutdown end the process at once, with {@link #INTERRUPTED}, if a computation is going on. */
    public static void haltOnShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(NativeWork::endProcess, "native-work"));
    }

    private static void endProcess() {
        if (!LOCK.writeLock().tryLock()) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }
}
