package org.videotg.models.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;

/**
 * The header of a safetensors file: name, type, shape and place of every tensor.
 *
 * @param tensors by name, in the order of the header
 * @param metadata the free {@code __metadata__} texts
 * @param dataStart first byte of the tensors, counted from the start of the file
 */
public record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata, long dataStart) {
    /** The limit of the format, in bytes. */
    public static final long MAX_HEADER = 100_000_000;

    /**
     * One tensor.
     *
     * @param begin first byte, counted from the end of the header
     * @param end byte after the last
     */
    public record Entry(SafetensorsDtype dtype, long[] shape, long begin, long end) {
        /** @throws ArithmeticException if there are more elements than a long counts, zero sizes left aside */
        public long elements() {
            long count = 1;
            boolean empty = false;
            for (long size : shape) {
                count = Math.multiplyExact(count, Math.max(1, size));
                empty |= size == 0;
            }
            return empty ? 0 : count;
        }
    }

    /**
     * Reads and checks the header of a file: its length against the file's size before anything is allocated, every
     * name once, types known, places in order without gaps or overlaps, lengths that match the shapes, and tensors that
     * fill the file. Memory is bounded by the size of the file, whatever its header claims.
     *
     * @param file positioned at its first byte
     * @param size bytes of the file
     * @param where names the file in errors
     * @throws InputException in one line, naming the file and the tensor
     */
    public static SafetensorsHeader read(ReadableByteChannel file, long size, String where) {
        try {
            ByteBuffer field = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (field.hasRemaining() && file.read(field) >= 0) {}

            if (field.hasRemaining()) {
                throw new InputException(where + ": not a safetensors file (" + size + " bytes); download it again");
            }
            long length = field.getLong(0);
            if (length < 2 || length > MAX_HEADER || length > size - Long.BYTES) {
                throw new InputException(where + ": not a safetensors file (its header claims "
                        + Long.toUnsignedString(length) + " bytes, the file has " + size + "); download it again");
            }
            HeaderParser parsed = HeaderParser.parse(file, length, where);
            checkPlaces(parsed.tensors(), size - Long.BYTES - length, where);
            return new SafetensorsHeader(parsed.tensors(), parsed.metadata(), Long.BYTES + length);
        } catch (IOException e) {
            throw new InputException("can't read " + where + ": " + e.getMessage(), e);
        }
    }

    private static void checkPlaces(Map<String, Entry> tensors, long dataSize, String where) {
        List<Map.Entry<String, Entry>> order = new ArrayList<>(tensors.entrySet());
        order.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long at = 0;
        for (Map.Entry<String, Entry> next : order) {
            if (next.getValue().begin() != at) {
                throw new InputException(where + ": tensor " + HeaderParser.quoted(next.getKey()) + " starts at byte "
                        + next.getValue().begin() + " where " + at
                        + " was expected (a gap or an overlap); download the file again");
            }
            at = next.getValue().end();
        }
        if (at != dataSize) {
            throw new InputException(where + ": tensors take " + at + " bytes, the file has " + dataSize
                    + "; it is truncated or damaged, download it again");
        }
    }
}
