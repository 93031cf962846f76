package org.videotg.training.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads event files back, as TensorBoard does: checksums, order of files, steps that a restart replaces. */
public final class EventFiles {
    /** A field by its number: a {@link Long}, {@link Double}, {@link Float} or, for messages and texts, bytes. */
    record Field(int number, Object value) {}

    private EventFiles() {}

    /** All events of the files in a folder, in the order in which TensorBoard reads them. */
    static List<List<Field>> events(Path folder) throws IOException {
        List<List<Field>> events = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (byte[] record : records(Files.readAllBytes(file))) {
                    events.add(fields(record));
                }
            }
        }
        return events;
    }

    /** Values of the scalars by tag and step, without those that a later start replaces. */
    public static Map<String, NavigableMap<Long, Float>> scalars(Path folder) throws IOException {
        Map<String, NavigableMap<Long, Float>> scalars = new LinkedHashMap<>();
        for (List<Field> event : events(folder)) {
            long step = (Long) one(event, 2);
            if (all(event, 7).stream()
                    .anyMatch(session -> one(fields(session), 1).equals(1L))) {
                scalars.values().forEach(values -> values.tailMap(step).clear());
            }
            for (byte[] summary : all(event, 5)) {
                for (byte[] value : all(fields(summary), 1)) {
                    List<Field> parts = fields(value);
                    if (one(parts, 2) instanceof Float number) {
                        Float twice = scalars.computeIfAbsent(text(one(parts, 1)), tag -> new TreeMap<>())
                                .put(step, number);
                        assertEquals(null, twice, "the step is there twice");
                    }
                }
            }
        }
        return scalars;
    }

    /** The data of the records, whose checksums are right. */
    static List<byte[]> records(byte[] file) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            byte[] data = new byte[(int) in.getLong()];
            assertEquals(crc(file, in.position() - 8, 8), unmasked(in.getInt()), "checksum of a length");
            int at = in.position();
            in.get(data);
            assertEquals(crc(file, at, data.length), unmasked(in.getInt()), "checksum of an event");
            records.add(data);
        }
        return records;
    }

    private static int unmasked(int masked) {
        int rotated = masked - 0xa282ead8;
        return (rotated >>> 17) | (rotated << 15);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }

    static List<Field> fields(byte[] message) {
        List<Field> fields = new ArrayList<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                Object value = switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_VARINT -> in.readInt64();
                    case WireFormat.WIRETYPE_FIXED64 -> in.readDouble();
                    case WireFormat.WIRETYPE_FIXED32 -> in.readFloat();
                    default -> in.readByteArray();
                };
                fields.add(new Field(WireFormat.getTagFieldNumber(tag), value));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return fields;
    }

    static Object one(List<Field> fields, int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(Field::value)
                .findFirst()
                .orElse(0L);
    }

    static List<byte[]> all(List<Field> fields, int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(field -> (byte[]) field.value())
                .toList();
    }

    static String text(Object bytes) {
        return ByteString.copyFrom((byte[]) bytes).toStringUtf8();
    }
}
