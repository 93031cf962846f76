package org.videotg.core.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that fails at one call of {@link Disk}, as a full or broken one does. */
public final class FullDisk extends Disk {
    private final AtomicInteger left;

    private FullDisk(int calls) {
        this.left = new AtomicInteger(calls);
    }

    /**
     * Runs {@code work} on a disk whose call after {@code calls} others fails.
     *
     * @return whether that call was reached, in which case the work must have failed with {@link OutputException}
     */
    public static boolean during(int calls, PowerCut.Work work) throws IOException {
        FullDisk disk = new FullDisk(calls);
        Disk before = Disk.current();
        Disk.replace(disk);
        try {
            work.run();
        } catch (OutputException e) {
            return true;
        } finally {
            Disk.replace(before);
        }
        if (disk.left.get() < 0) {
            throw new AssertionError("call " + calls + " failed and nobody said so");
        }
        return false;
    }

    private void count() throws IOException {
        if (left.getAndDecrement() == 0) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    void force(Path file) throws IOException {
        count();
        super.force(file);
    }

    @Override
    void force(FileChannel channel, Path file) throws IOException {
        count();
        super.force(channel, file);
    }

    @Override
    void forceFolder(Path folder) throws IOException {
        count();
        super.forceFolder(folder);
    }

    @Override
    void move(Path from, Path to) throws IOException {
        count();
        super.move(from, to);
    }
}
