package org.videotg.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Brings events from the thread that makes them to the one that sends them. */
final class EventPipe implements Answer.EventSink {
    private static final int CAPACITY = 256;
    private static final long STEP_MILLIS = 100;
    /** No event contains a line end. */
    private static final String END = "\n";

    private final BlockingQueue<String> events = new ArrayBlockingQueue<>(CAPACITY);
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
        put(data);
    }

    /** All events have been sent. */
    void end() {
        put(END);
    }

    private void put(String data) {
        try {
            while (!closed && System.nanoTime() - deadline < 0) {
                if (events.offer(data, STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CancellationException("the client has gone away, or the time is over");
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
