package org.videotg.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings events from the thread that makes them to the one that sends them. Who makes them is never kept waiting by a
 * client that reads slowly; one that is too far behind is given up.
 */
final class EventPipe implements WebAnswer.EventSink {
    static final long MAX_BEHIND = 8 << 20;

    private static final long STEP_MILLIS = 100;
    /** No event contains a line end. */
    private static final String END = "\n";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicLong behind = new AtomicLong();
    private final long deadline;
    private volatile boolean closed;

    /** @param deadline in the terms of {@link System#nanoTime} */
    EventPipe(long deadline) {
        this.deadline = deadline;
    }

    @Override
    public void send(String data) {
        if (data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("an event is one line");
        }
        if (closed || System.nanoTime() - deadline >= 0 || behind.addAndGet(data.length()) > MAX_BEHIND) {
            throw new CancellationException("the client has gone away or reads too slowly, or the time is over");
        }
        events.add(data);
    }

    /** There are no more events. */
    void end() {
        events.add(END);
    }

    /** Writes the events until they end, the time is over or the client goes away. */
    void writeTo(OutputStream out) throws IOException {
        try {
            while (System.nanoTime() - deadline < 0) {
                String data = events.poll(STEP_MILLIS, TimeUnit.MILLISECONDS);
                if (END.equals(data)) {
                    return;
                }
                if (data != null) {
                    behind.addAndGet(-data.length());
                    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
                    if (events.isEmpty()) {
                        out.flush();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
        }
    }
}
