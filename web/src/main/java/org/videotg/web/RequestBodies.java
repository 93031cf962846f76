package org.videotg.web;

import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bodies of requests that are held in memory: each, all together, and those that arrive at a time are limited. */
final class RequestBodies {
    private static final Logger LOG = LoggerFactory.getLogger(RequestBodies.class);

    /** What is read of a refused body. */
    private static final long DRAINED_BYTES = 4 << 20;

    /** How often, and how long, that waits for more: the answer to a client that sends nothing is not delayed by much. */
    private static final int DRAIN_PAUSES = 20;

    private static final long DRAIN_PAUSE_MILLIS = 5;
    private static final int BUFFER_BYTES = 64 << 10;

    private final WebSettings.Limits limits;
    private final Duration retry;
    private final Semaphore arriving;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param atATime bodies that arrive at a time
     * @param retry after which a client may try again whose body was refused because of others
     */
    RequestBodies(WebSettings.Limits limits, int atATime, Duration retry) {
        this.limits = limits;
        this.retry = retry;
        this.arriving = new Semaphore(atATime);
    }

    /** A body, which counts as held in memory until it is closed. */
    final class Body implements AutoCloseable {
        private byte[] bytes = {};
        private long counted;

        private Body() {}

        byte[] bytes() {
            return bytes;
        }

        private void count(int more) {
            counted += more;
            if (held.addAndGet(more) > limits.bodiesBytes()) {
                throw WebException.busy("the requests at work hold too much memory; try again", retry);
            }
        }

        @Override
        public void close() {
            held.addAndGet(-counted);
            counted = 0;
        }
    }

    /**
     * Refuses a request that announces too long a body.
     *
     * @param limit in bytes
     */
    static void checkLength(Context context, long limit) {
        if (context.req().getContentLengthLong() > limit) {
            throw BodyStream.tooLong(limit);
        }
    }

    /**
     * Reads a body.
     *
     * @param limit in bytes
     * @throws WebException if it is too long, does not arrive in time, or other bodies have reached a limit
     */
    Body read(Context context, long limit) throws IOException {
        Body body = new Body();
        long length = context.req().getContentLengthLong();
        if (length == 0 || (length < 0 && context.req().getHeader("Transfer-Encoding") == null)) {
            return body;
        }
        if (!arriving.tryAcquire()) {
            throw WebException.busy("too many requests arrive at once; try again", retry);
        }
        boolean complete = false;
        try (BodyStream in = new BodyStream(context.req().getInputStream(), limit, limits.bodyTime())) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                body.count(n);
                bytes.write(buffer, 0, n);
            }
            body.bytes = bytes.toByteArray();
            complete = true;
            return body;
        } finally {
            arriving.release();
            if (!complete) {
                body.close();
            }
        }
    }

    /**
     * Reads what still arrives of a body that is refused, up to a bound: a client that is cut off while it sends sees a
     * broken connection instead of the answer.
     */
    void drain(Context context) {
        if (!arriving.tryAcquire()) {
            return;
        }
        try {
            ServletInputStream rest = context.req().getInputStream();
            long left = DRAINED_BYTES;
            int pauses = 0;
            while (left > 0 && !rest.isFinished() && pauses < DRAIN_PAUSES) {
                int waiting = rest.available();
                if (waiting > 0) {
                    left -= rest.readNBytes((int) Math.min(waiting, left)).length;
                } else {
                    TimeUnit.MILLISECONDS.sleep(DRAIN_PAUSE_MILLIS);
                    pauses++;
                }
            }
        } catch (IOException e) {
            LOG.debug("a refused body was not read to its end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            arriving.release();
        }
    }
}
