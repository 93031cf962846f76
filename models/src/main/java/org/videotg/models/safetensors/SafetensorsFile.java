package org.videotg.models.safetensors;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
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
import org.videotg.core.io.InputException;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** A safetensors file opened for reading. Tensors are mapped and copied into their target type one at a time. */
public final class SafetensorsFile implements AutoCloseable {
    private static final long WINDOW = 4L << 20;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
    }

    /** @throws InputException if the file is missing or truncated, or its header is malformed */
    public static SafetensorsFile open(Path path) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            return new SafetensorsFile(path, channel, SafetensorsHeader.read(channel, channel.size(), path.toString()));
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
     * Reads a tensor converted to {@code type}; it belongs to the open scope. The file is mapped in windows that are
     * copied and unmapped one after another, so that only the result takes memory.
     */
    public Tensor tensor(String name, Device device, torch.ScalarType type) {
        SafetensorsHeader.Entry entry = entry(name);
        Tensor whole = Tensors.empty(device, type, entry.shape());
        long elements = entry.elements();
        long step = WINDOW / entry.dtype().bytes();
        try (Tensor flat = whole.view(-1)) {
            for (long from = 0; from < elements; from += step) {
                copy(entry, from, Math.min(step, elements - from), flat);
            }
        } catch (IOException e) {
            throw new InputException("can't read tensor \"" + name + "\" of " + path + ": " + e.getMessage(), e);
        }
        return whole;
    }

    private void copy(SafetensorsHeader.Entry entry, long from, long count, Tensor flat) throws IOException {
        int size = entry.dtype().bytes();
        try (MappedWindow window =
                        MappedWindow.of(channel, header.dataStart() + entry.begin() + from * size, count * size);
                Tensor source = torch.from_blob(
                        window.pointer(),
                        new long[] {count},
                        Tensors.options(entry.dtype().scalarType()));
                Tensor target = flat.narrow(0, from, count)) {
            target.copy_(source);
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new InputException(path + ": holds no tensor \"" + name + "\"");
        }
        return entry;
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

    /**
     * A part of a file mapped for reading and unmapped on close. Pages of a mapping count as memory of the process,
     * and Java 17 unmaps them only at garbage collection.
     */
    static final class MappedWindow implements AutoCloseable {
        private static final Unmapper UNMAPPER = Unmapper.find();

        private final MappedByteBuffer buffer;
        private final Pointer pointer;

        private MappedWindow(MappedByteBuffer buffer) {
            this.buffer = buffer;
            this.pointer = new BytePointer((ByteBuffer) buffer);
        }

        static MappedWindow of(FileChannel channel, long from, long bytes) throws IOException {
            return new MappedWindow(channel.map(MapMode.READ_ONLY, from, bytes));
        }

        /** Returns the address of the first byte, which must not be used after {@link #close}. */
        Pointer pointer() {
            return pointer;
        }

        @Override
        public void close() {
            pointer.close();
            UNMAPPER.unmap(buffer);
        }

        /**
         * {@code sun.misc.Unsafe.invokeCleaner} of the module jdk.unsupported; without it, unmapping is left to the
         * garbage collector.
         */
        private record Unmapper(Object unsafe, Method cleaner) {
            static Unmapper find() {
                try {
                    Class<?> type = Class.forName("sun.misc.Unsafe");
                    Field instance = type.getDeclaredField("theUnsafe");
                    instance.setAccessible(true);
                    return new Unmapper(instance.get(null), type.getMethod("invokeCleaner", ByteBuffer.class));
                } catch (ReflectiveOperationException | RuntimeException e) {
                    return new Unmapper(null, null);
                }
            }

            void unmap(ByteBuffer buffer) {
                if (cleaner == null) {
                    return;
                }
                try {
                    cleaner.invoke(unsafe, buffer);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a mapped file can't be unmapped", e);
                }
            }
        }
    }
}
