package org.videotg.model.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.error.InputException;
import org.videotg.model.tensor.Tensors;

/** A safetensors file opened for reading. Tensors are mapped, then copied into their target type one at a time. */
public final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    /** @throws InputException if the file is missing, truncated, or its header is not sound */
    public static SafetensorsFile open(Path path) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            long size = channel.size();
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            read(channel, length, 0);
            if (length.hasRemaining()) {
                throw new InputException(path + ": not a safetensors file (" + size + " bytes); download it again");
            }
            int headerSize = SafetensorsHeader.checkLength(length.getLong(0), size, path.toString());
            ByteBuffer bytes = ByteBuffer.allocate(headerSize);
            read(channel, bytes, 8);
            SafetensorsHeader header = SafetensorsHeader.parse(bytes.array(), size - 8 - headerSize, path.toString());
            return new SafetensorsFile(path, channel, header, 8L + headerSize);
        } catch (NoSuchFileException e) {
            throw new InputException(path + " does not exist; check the path", e);
        } catch (IOException e) {
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

    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /** The tensor in its own type. */
    public Tensor tensor(String name) {
        return tensor(name, entry(name).dtype().scalarType());
    }

    /** The tensor converted to {@code type}; belongs to the open scope. */
    public Tensor tensor(String name, torch.ScalarType type) {
        SafetensorsHeader.Entry entry = entry(name);
        long bytes = entry.end() - entry.begin();
        if (bytes == 0) {
            return torch.empty(entry.shape(), Tensors.options(type), null);
        }
        if (bytes > Integer.MAX_VALUE) {
            return largeTensor(entry, type);
        }
        try {
            ByteBuffer mapped = channel.map(MapMode.READ_ONLY, dataStart + entry.begin(), bytes);
            try (Pointer pointer = new BytePointer(mapped)) {
                return copy(pointer, entry.shape(), entry.dtype(), type);
            }
        } catch (IOException e) {
            throw new InputException("can't read tensor \"" + name + "\" of " + path + ": " + e.getMessage(), e);
        }
    }

    /** Java maps at most 2 GiB at a time: a larger tensor is read in slices of its first dimension. */
    private Tensor largeTensor(SafetensorsHeader.Entry entry, torch.ScalarType type) {
        Tensor whole = torch.empty(entry.shape(), Tensors.options(type), null);
        long rows = entry.shape()[0];
        long rowBytes = (entry.end() - entry.begin()) / rows;
        long step = Math.max(1, (1L << 30) / rowBytes);
        try {
            for (long row = 0; row < rows; row += step) {
                long count = Math.min(step, rows - row);
                long[] shape = entry.shape().clone();
                shape[0] = count;
                ByteBuffer mapped = channel.map(MapMode.READ_ONLY, dataStart + entry.begin() + row * rowBytes, count * rowBytes);
                try (Pointer pointer = new BytePointer(mapped); Tensor part = copy(pointer, shape, entry.dtype(), type);
                        Tensor target = whole.narrow(0, row, count)) {
                    target.copy_(part);
                }
            }
        } catch (IOException e) {
            throw new InputException("can't read " + path + ": " + e.getMessage(), e);
        }
        return whole;
    }

    private static Tensor copy(Pointer pointer, long[] shape, Dtype dtype, torch.ScalarType type) {
        try (Tensor mapped = torch.from_blob(pointer, shape, Tensors.options(dtype.scalarType()))) {
            return mapped.to(type, false, true, null);
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new InputException(path + ": holds no tensor \"" + name + "\"");
        }
        return entry;
    }

    private static void read(FileChannel channel, ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            int count = channel.read(into, position + into.position());
            if (count < 0) {
                return;
            }
        }
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
            throw new java.io.UncheckedIOException(e);
        }
    }
}
