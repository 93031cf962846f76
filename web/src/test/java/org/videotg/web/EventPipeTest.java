package org.videotg.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class EventPipeTest {
    private final EventPipe pipe =
            new EventPipe(System.nanoTime() + Duration.ofMinutes(1).toNanos());

    /** Whoever makes events has the model while it does. */
    @Test
    void aClientThatDoesNotReadKeepsNobodyWaiting() {
        String event = "x".repeat(1 << 10);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (long sent = 0; sent < EventPipe.MAX_BEHIND; sent += event.length()) {
                pipe.send(event);
            }
            assertThrows(CancellationException.class, () -> pipe.send(event));
        });
    }

    @Test
    void eventsArriveInOrderAndEndWithTheClient() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pipe.send("one");
        pipe.send("two");
        pipe.end();
        pipe.writeTo(out);
        assertEquals("data: one\n\ndata: two\n\n", out.toString(StandardCharsets.UTF_8));
        assertThrows(CancellationException.class, () -> pipe.send("three"));
        assertThrows(IllegalArgumentException.class, () -> pipe.send("a\ndata: b"));
    }
}
