package org.videotg.models.safetensors;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A part of a file mapped for reading, unmapped when it is closed: pages of a mapping count as this process's memory
 * for as long as it stands, and Java 17 by itself only ends it when the garbage collector comes by.
 */
final class MappedWindow implements AutoCloseable {
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

    /** The first byte; must not be used after {@link #close}. */
    Pointer pointer() {
        return pointer;
    }

    @Override
    public void close() {
        pointer.close();
        UNMAPPER.unmap(buffer);
    }

    /**
     * {@code sun.misc.Unsafe.invokeCleaner} of the module jdk.unsupported; a runtime without it leaves unmapping to the
     * collector.
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
