package org.videotg.models.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * A safetensors file, or a part of a file with that content, opened for reading. Tensors are read and converted to their
 * target type one at a time.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final long WINDOW = 4L << 20;

    private final Path path;
    private final FileChannel channel;
    /** Null for a part, since others may write to the rest of the file. */
    private final Stamp opened;
    /** First byte of the content. */
    private final long start;

    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, FileChannel channel, Stamp opened, long start, long length) throws IOException {
        this.path = path;
        this.channel = channel;
        this.opened = opened;
        this.start = start;
        this.header = SafetensorsHeader.read(channel.position(start), length, path.toString());
    }

    /** @throws InputException if the file is missing or truncated, or its header is malformed */
    public static SafetensorsFile open(Path path) {
        return open(path, channel -> new SafetensorsFile(path, channel, Stamp.of(path), 0, channel.size()));
    }

    /** Opens a part of a file. */
    public static SafetensorsFile open(Path path, long from, long length) {
        return open(path, channel -> new SafetensorsFile(path, channel, null, from, length));
    }

    /** Reads the header. */
    private interface Opening {
        SafetensorsFile read(FileChannel channel) throws IOException;
    }

    private static SafetensorsFile open(Path path, Opening opening) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            return opening.read(channel);
        } catch (NoSuchFileException e) {
            throw new InputException(path + " does not exist; check the path", e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new InputException("can't read " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    public Set<String> names() {
        return header.tensors().keySet();
    }

    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Returns the type in which the tensor is stored. */
    public SafetensorsDtype dtype(String name) {
        return entry(name).dtype();
    }

    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /** Reads a tensor in its own type, onto the CPU. */
    public Tensor tensor(String name) {
        return tensor(name, entry(name).dtype().scalarType());
    }

    /** Reads a tensor converted to {@code type}, onto the CPU. */
    public Tensor tensor(String name, torch.ScalarType type) {
        return tensor(name, Device.CPU, type);
    }

    /**
     * Reads a tensor converted to {@code type}; it belongs to the open scope. The file is read in windows that are
     * converted one after another, so that little but the result takes memory. It is not mapped: a file that another
     * program cuts meanwhile would end this process.
     *
     * @throws InputException if the file has been changed since it was opened
     */
    public Tensor tensor(String name, Device device, torch.ScalarType type) {
        SafetensorsHeader.Entry entry = entry(name);
        Tensor whole = Tensors.empty(device, type, entry.shape());
        int size = entry.dtype().bytes();
        long elements = entry.elements();
        long step = Math.max(1, Math.min(elements, WINDOW / size));
        try (Tensor flat = whole.view(-1);
                BytePointer window = new BytePointer(step * size)) {
            ByteBuffer bytes = window.asByteBuffer();
            for (long from = 0; from < elements; from += step) {
                long count = Math.min(step, elements - from);
                read(bytes.clear().limit((int) count * size), start + header.dataStart() + entry.begin() + from * size);
                try (Tensor source = torch.from_blob(
                                window,
                                new long[] {count},
                                Tensors.options(entry.dtype().scalarType()));
                        Tensor target = flat.narrow(0, from, count)) {
                    target.copy_(source);
                }
            }
            if (opened != null && opened.isChanged(path)) {
                throw new IOException("it was changed while being read; run the command again");
            }
        } catch (IOException e) {
            throw new InputException("can't read tensor \"" + name + "\" of " + path + ": " + e.getMessage(), e);
        }
        return whole;
    }

    private void read(ByteBuffer bytes, long from) throws IOException {
        for (long at = from; bytes.hasRemaining(); ) {
            int count = channel.read(bytes, at);
            if (count < 0) {
                throw new IOException("it was truncated while being read; run the command again");
            }
            at += count;
        }
    }

    /** Tells whether a file is still the one that was opened, and whether its bytes may have changed. */
    private record Stamp(Object key, long size, FileTime modified) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(now.fileKey(), now.size(), now.lastModifiedTime());
        }

        /** Another file of the same name, or none, does not change the bytes of the one that is open. */
        boolean isChanged(Path path) throws IOException {
            try {
                Stamp now = of(path);
                return Objects.equals(key, now.key) && !equals(now);
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new InputException(path + ": holds no tensor \"" + name + "\"");
        }
        return entry;
    }

    /** Returns the path. */
    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
