package org.videotg.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that a run appends pieces to, each whole or not at all. It is made with the first piece. A piece outlasts a
 * power failure once {@link #force} has returned. Used by one thread.
 */
public final class AppendedFile implements AutoCloseable {
    private final Path file;
    private FileChannel channel;
    private boolean pending;

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
        try {
            if (channel == null) {
                open();
            } else if (!Files.exists(file)) {
                throw new IOException("it was removed during the run");
            }
            long size = channel.size();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(size);
                throw e;
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

    /**
     * Forces all pieces to the medium.
     *
     * @return whether there were any that had not been
     */
    public boolean force() {
        if (!pending) {
            return false;
        }
        try {
            Disk.current().force(channel, file);
        } catch (IOException e) {
            throw unable(e);
        }
        pending = false;
        return true;
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
