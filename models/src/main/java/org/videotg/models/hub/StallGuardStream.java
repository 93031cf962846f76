package org.videotg.models.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stream that is closed, which ends a read that waits, when no byte has come for a while. */
final class StallGuardStream extends FilterInputStream {
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "download watch");
        thread.setDaemon(true);
        return thread;
    });

    @SuppressWarnings("FutureReturnValueIgnored")
    StallGuardStream(InputStream in, RetryPolicy patience) {
        super(in);
        long stall = patience.stall().toNanos();
        watch.scheduleWithFixedDelay(
                () -> {
                    if (System.nanoTime() - last.get() > stall) {
                        closeQuietly();
                    }
                },
                stall / 4,
                Math.max(1, stall / 4),
                TimeUnit.NANOSECONDS);
    }

    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException e) {
            // The reader meets the same failure.
            watch.shutdown();
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        last.set(System.nanoTime());
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.shutdownNow();
        in.close();
    }
}
