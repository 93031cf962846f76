package org.videotg.core.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final AtomicLong clock = new AtomicLong();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void after(double seconds) {
        clock.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void countsRateAndTimeLeft() {
        Progress progress = new Progress("reflect", 100, new PrintStream(bytes, true)::println, clock::get);
        for (int i = 0; i < 20; i++) {
            progress.skip();
        }
        for (int i = 0; i < 10; i++) {
            after(0.5);
            progress.step("s" + i);
        }
        progress.finish("done");
        assertEquals(
                String.join(
                        System.lineSeparator(),
                        "reflect: 24/100, 2.0/s, 38s left  s3",
                        "reflect: 28/100, 2.0/s, 36s left  s7",
                        "reflect: 30/100, 2.0/s, 35s left  done",
                        ""),
                bytes.toString(UTF_8));
    }

    @Test
    void saysNothingTwiceAndNothingWhenSilent() {
        Progress progress = new Progress("train", 0, new PrintStream(bytes, true)::println, clock::get);
        progress.finish("");
        after(40);
        progress.step("");
        progress.finish("");
        assertEquals("train: 1, 0.025/s" + System.lineSeparator(), bytes.toString(UTF_8));
        Progress silent = Progress.silent();
        silent.step("x");
        silent.finish("x");
    }

    @Test
    void durationsAreShort() {
        assertEquals("59s", Progress.duration(59));
        assertEquals("3m05s", Progress.duration(185));
        assertEquals("2h07m", Progress.duration(7620));
    }
}
