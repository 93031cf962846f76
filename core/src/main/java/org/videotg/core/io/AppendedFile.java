package org.videotg.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that a run appends pieces to, each whole or not at all. It is made with the first piece. A piece outlasts a
 * power failure once {@link #force} has returned. Used by one thread.
 */
public final class AppendedFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AppendedFile.class);
    private static final long INTERVAL_MILLIS = 100;

    private final Path file;
    private FileChannel channel;
    private boolean pending;
    private long forced = System.nanoTime() - INTERVAL_MILLIS * 1_000_000;

    /** Writes a piece. */
    @FunctionalInterface
    public interface Piece {
        void write(WritableByteChannel out) throws IOException;
    }

    public AppendedFile(Path file) {
        this.file = file;
    }

    /**
     * Appends a piece. If that fails, nothing of it stays in the file.
     *
     * @throws OutputException if it can't be written, or the file has been removed since the first piece
     */
    public void append(byte[] piece) {
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        append(out -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }

    /** Appends a piece in the same way, as it is being written. */
    public void append(Piece piece) {
        try {
            if (channel == null) {
                open();
            } else if (!Files.exists(file)) {
                throw new IOException("it was removed during the run");
            }
            long size = channel.size();
            boolean written = false;
            try {
                piece.write(channel);
                written = true;
            } finally {
                if (!written) {
                    channel.truncate(size);
                }
            }
            pending = true;
        } catch (IOException e) {
            throw unable(e);
        }
    }

    private void open() throws IOException {
        boolean isNew = !Files.exists(file);
        Path folder = file.toAbsolutePath().getParent();
        AtomicFiles.createFolders(folder);
        channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (isNew) {
            Disk.current().forceFolder(folder);
        }
    }

    /** Cuts off what a stopped run has left after so many bytes, with a note. */
    void cut(long bytes) {
        try {
            open();
            if (channel.size() > bytes) {
                LOG.info("note: {}: cut off a damaged end that a stopped run had left", file);
                channel.truncate(bytes);
            }
        } catch (IOException e) {
            throw unable(e);
        }
    }

    /** Forces all pieces to the medium, unless that was done less than {@value #INTERVAL_MILLIS} ms ago. */
    public void forceAtIntervals() {
        if (System.nanoTime() - forced >= INTERVAL_MILLIS * 1_000_000) {
            force();
        }
    }

    /** Forces all pieces to the medium. */
    public void force() {
        if (!pending) {
            return;
        }
        try {
            Disk.current().force(channel, file);
        } catch (IOException e) {
            throw unable(e);
        }
        pending = false;
        forced = System.nanoTime();
    }

    /** Forces all pieces to the medium and closes the file; the next {@link #append} opens it again. */
    @Override
    public void close() {
        if (channel != null) {
            try (FileChannel open = channel) {
                force();
            } catch (IOException e) {
                throw unable(e);
            } finally {
                channel = null;
            }
        }
    }

    private OutputException unable(IOException e) {
        return new OutputException(
                "can't append to " + file + ": " + AtomicFiles.reason(e) + "; check the folder and free space", e);
    }
}
