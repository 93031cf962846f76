package org.videotg.models.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;

/**
 * Downloads one file into the cache's blobs. The bytes go to a file beside the blob; an interrupted download continues
 * where it stopped, in this process or a later one. The complete file is compared with its checksum before it gets the
 * blob's name. Only one thread or process may download a blob at a time.
 */
final class BlobDownload {
    private static final int STEP = 1 << 20;
    /** Bytes to leave free on the disk. */
    private static final long RESERVE = 16L << 20;

    private final HubClient client;
    private final HubName name;
    private final String commit;
    private final HubFile file;
    private final Path blob;
    private final Path partial;
    private final Progress progress;
    private final HubErrors answers;
    private final RetryPolicy retries;

    BlobDownload(
            HubClient client,
            HubErrors answers,
            RetryPolicy retries,
            String commit,
            HubFile file,
            Path blob,
            Progress progress) {
        this.client = client;
        this.answers = answers;
        this.retries = retries;
        this.name = answers.name();
        this.commit = commit;
        this.file = file;
        this.blob = blob;
        // Unfinished files of huggingface_hub have other names, so neither program continues the other's.
        this.partial = blob.resolveSibling(blob.getFileName() + ".videotg.incomplete");
        this.progress = progress;
    }

    /** @throws InputException if the download fails, or the checksum is wrong twice */
    void run() throws IOException {
        Files.createDirectories(blob.getParent());
        for (long i = 0; i < size() / STEP; i++) {
            progress.skip();
        }
        for (int attempt = 1; ; attempt++) {
            fill();
            if (file.matches(partial)) {
                AtomicFiles.move(partial, blob);
                progress.finish("");
                return;
            }
            Files.delete(partial);
            if (attempt == 2) {
                throw new InputException(name + ": " + file.name() + " has the wrong checksum, twice; try again later,"
                        + " and check HF_ENDPOINT and proxies if it stays so");
            }
        }
    }

    private long size() throws IOException {
        return Files.exists(partial) ? Files.size(partial) : 0;
    }

    /** Requests the missing bytes until the file is complete; only requests without new bytes count as failures. */
    private void fill() throws IOException {
        if (size() > file.size()) {
            Files.delete(partial);
        }
        long free = Files.getFileStore(blob.getParent()).getUsableSpace();
        if (free < file.size() - size() + RESERVE) {
            throw new InputException(name + ": " + file.name() + " needs " + ((file.size() - size() + RESERVE) >> 20)
                    + " MiB, " + blob.getParent() + " has " + (free >> 20) + " free; free some, or set HF_HOME");
        }
        if (file.size() == 0) {
            Files.write(partial, new byte[0]);
        }
        int failures = 0;
        while (size() < file.size()) {
            long before = size();
            try {
                receive();
                if (size() < file.size()) {
                    throw new IOException("the connection was cut");
                }
            } catch (DiskFailure e) {
                throw new InputException(
                        "can't write " + partial + ": " + e.getMessage() + "; check the folder and free space", e);
            } catch (IOException e) {
                failures = size() > before ? 1 : failures + 1;
                client.pause(answers, file.name(), retries, failures, e);
            }
        }
    }

    private void receive() throws IOException {
        long from = size();
        HttpResponse<InputStream> response = client.bytes(name, commit, file.name(), from);
        try (InputStream body = response.body()) {
            boolean part = response.statusCode() == 206;
            if (response.statusCode() == 416
                    || (part
                            && !response.headers()
                                    .firstValue("Content-Range")
                                    .orElse("")
                                    .startsWith("bytes " + from + "-"))) {
                Files.deleteIfExists(partial);
                throw new IOException("the server can't resume at byte " + from);
            }
            copy(body, part ? from : 0, part ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    private void copy(InputStream body, long from, StandardOpenOption option) throws IOException {
        long at = from;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out =
                        Files.newOutputStream(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, option);
                StallGuardStream watched = new StallGuardStream(body, retries)) {
            // A server that sends more than it announced must not fill the disk.
            for (int count = watched.read(buffer); count >= 0 && at <= file.size(); count = watched.read(buffer)) {
                write(out, buffer, count);
                for (long step = at / STEP; step < (at + count) / STEP; step++) {
                    progress.step("");
                }
                at += count;
            }
        }
        if (at > file.size()) {
            Files.delete(partial);
            throw new IOException("the server sends more than " + file.size() + " bytes");
        }
    }

    private static void write(OutputStream out, byte[] buffer, int count) throws DiskFailure {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw new DiskFailure(e);
        }
    }

    /** A failure of the disk, after which no retry helps. */
    private static final class DiskFailure extends IOException {
        private static final long serialVersionUID = 1L;

        DiskFailure(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** A stream that is closed when no byte has arrived for a while, so that a waiting read ends. */
    static final class StallGuardStream extends FilterInputStream {
        private final AtomicLong last = new AtomicLong(System.nanoTime());
        private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "download watch");
            thread.setDaemon(true);
            return thread;
        });

        @SuppressWarnings("FutureReturnValueIgnored")
        StallGuardStream(InputStream in, RetryPolicy retries) {
            super(in);
            long stall = retries.stall().toNanos();
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
                // The reader gets the same error.
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
}
