package org.videotg.web;

import io.javalin.http.Context;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files as answers, whole or the range of bytes that is asked for; how many are sent at a time is limited. */
final class FileAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(FileAnswers.class);
    private static final int BUFFER_BYTES = 64 << 10;

    private final Semaphore leaving;
    private final Duration retry;

    /**
     * @param atATime files that are sent at a time
     * @param retry after which a client that was refused may try again
     */
    FileAnswers(int atATime, Duration retry) {
        this.leaving = new Semaphore(atATime);
        this.retry = retry;
    }

    /** @throws WebException if the file does not exist, the range lies outside, or too many files are sent already */
    void send(Context context, Path file) throws IOException {
        if (!leaving.tryAcquire()) {
            throw WebException.busy("too many files leave at once; try again", retry);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            send(context, channel, Files.getLastModifiedTime(file).toMillis());
        } catch (NoSuchFileException e) {
            throw WebException.of(404, "no_such_file", "the file does not exist");
        } finally {
            leaving.release();
        }
    }

    private static void send(Context context, FileChannel channel, long modified) throws IOException {
        long size = channel.size();
        String tag = "\"" + size + "-" + modified + "\"";
        context.header("Accept-Ranges", "bytes");
        context.header("ETag", tag);
        context.header("Cache-Control", "no-cache");
        String condition = context.header("If-Range");
        String wanted = condition == null || condition.equals(tag) ? context.header("Range") : null;
        Optional<ByteRange> found = ByteRange.of(wanted, size);
        if (found.isEmpty()) {
            context.header("Content-Range", "bytes */" + size);
            throw WebException.of(416, "bad_range", "the file has " + size + " bytes");
        }
        ByteRange range = found.get();
        if (range.part()) {
            context.status(206);
            context.header(
                    "Content-Range",
                    "bytes " + range.first() + "-" + (range.first() + range.length() - 1) + "/" + size);
        }
        context.res().setContentLengthLong(range.length());
        if (!context.req().getMethod().equals("HEAD")) {
            copy(channel, range, context.res().getOutputStream());
        }
    }

    private static void copy(FileChannel channel, ByteRange range, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long at = range.first();
        long end = range.first() + range.length();
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw new EOFException("a file became shorter while it was sent");
            }
            try {
                out.write(buffer.array(), 0, read);
            } catch (IOException e) {
                // Browsers break off and ask for another range.
                LOG.debug("a client went away", e);
                return;
            }
            at += read;
        }
    }
}
