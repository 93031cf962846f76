package org.videotg.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A request's body that is refused when it is too long (413) or has not arrived in time (408). */
final class BodyStream extends FilterInputStream {
    private final long limit;
    private final long until;
    private long count;

    BodyStream(InputStream in, long limit, Duration time) {
        super(in);
        this.limit = limit;
        this.until = System.nanoTime() + time.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(target, offset, length);
        } catch (IOException e) {
            throw WebException.of(408, "body_incomplete", "the body of the request did not arrive");
        }
        if (read > 0) {
            count += read;
        }
        if (count > limit) {
            throw tooLong(limit);
        }
        if (System.nanoTime() - until > 0) {
            throw WebException.of(408, "body_too_slow", "the body of the request did not arrive in time");
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        return read(new byte[(int) Math.min(bytes, 8192)]);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    static WebException tooLong(long limit) {
        return WebException.of(413, "body_too_long", "the body of the request has more than " + limit + " bytes");
    }
}
