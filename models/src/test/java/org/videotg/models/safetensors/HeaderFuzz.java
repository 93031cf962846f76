package org.videotg.models.safetensors;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;

/**
 * Random headers, sound and unsound: each is a pure function of seed and number. A sound one must be read as it was
 * made, one with a planted fault refused in one line, one with damaged bytes either refused or read as something whose
 * tensors fill the file. Whatever else is thrown is reported with its number.
 */
public final class HeaderFuzz {
    /**
     * What became of some headers.
     *
     * @param read sound or damaged ones that were read
     * @param refused those with a fault
     * @param surprised headers that went wrong
     * @param surprises one line for each of the first of them
     */
    public record Outcome(long read, long refused, long surprised, List<String> surprises) {}

    /** One tensor of a header; fields are texts of JSON, so that anything can be planted. */
    private static final class Row {
        String name;
        String dtype;
        String shape;
        String places;
        String extra = "";
        long begin;
        long end;

        /** A tensor without elements may lie at any border between others: it is moved past the end. */
        void shiftBy(long bytes) {
            long by = begin == end ? bytes << 40 : bytes;
            places = "[" + (begin + by) + "," + (end + by) + "]";
        }

        @Override
        public String toString() {
            return name + ":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + places + extra + "}";
        }
    }

    private static final List<BiConsumer<Random, Row>> FAULTS = List.of(
            (random, row) -> row.shiftBy(1 + random.nextInt(9)),
            (random, row) -> row.places = "[" + row.begin + "," + (row.end + 1 + random.nextInt(9)) + "]",
            (random, row) -> row.places = "[" + row.end + "," + (row.begin - 1) + "]",
            (random, row) -> row.places = "[" + row.begin + "]",
            (random, row) -> row.places = "[" + row.begin + "," + row.end + "," + row.end + "]",
            (random, row) -> row.places = "[" + row.begin + ".0," + row.end + "]",
            (random, row) -> row.places = "[" + (Long.MAX_VALUE - random.nextInt(99)) + "," + Long.MIN_VALUE + "]",
            (random, row) -> row.places = "[0,18446744073709551616]",
            (random, row) -> row.places = "null",
            (random, row) -> row.shape = "[-1]",
            (random, row) -> row.shape = "[9223372036854775807," + (2 + random.nextInt(9)) + "]",
            (random, row) -> row.shape = "[4294967296,4294967296,0]",
            (random, row) -> row.shape = "[1e3]",
            (random, row) -> row.shape = "[1" + "0".repeat(20 + random.nextInt(2000)) + "]",
            (random, row) -> row.shape = "[" + "1,".repeat(16) + "1]",
            (random, row) -> row.shape = "[".repeat(1 + random.nextInt(5000)),
            (random, row) -> row.shape = "{\"a\":".repeat(1 + random.nextInt(2000)) + "1",
            (random, row) -> row.shape = "\"[2]\"",
            (random, row) -> row.dtype = "\"F9\"",
            (random, row) -> row.dtype = "\"f32\"",
            (random, row) -> row.dtype = "7",
            (random, row) -> row.dtype = "[\"F32\"]",
            (random, row) -> row.dtype = "\"" + "F".repeat(random.nextInt(5000)) + "\"",
            (random, row) -> row.extra = ",\"data\":[0,1]",
            (random, row) -> row.extra = ",\"dtype\":" + row.dtype,
            (random, row) -> row.extra = ",\"shape\":" + row.shape,
            (random, row) -> row.extra = "},",
            (random, row) -> row.name = "\"\"",
            (random, row) -> row.name = "\"a\\u000ab\"",
            (random, row) -> row.name = "\"" + "n".repeat(1025 + random.nextInt(5000)) + "\"",
            (random, row) -> row.name = "\"__metadata__\"",
            (random, row) -> row.name = "'x'",
            (random, row) -> row.name = row + "," + row.name);

    private static final int SHOWN = 5;

    private HeaderFuzz() {}

    /** Headers {@code from} to {@code to - 1}. */
    public static Outcome run(long seed, long from, long to) {
        long read = 0;
        long refused = 0;
        long surprised = 0;
        List<String> surprises = new ArrayList<>();
        for (long i = from; i < to; i++) {
            try {
                if (one(Draw.generator(seed, "headers", i))) {
                    read++;
                } else {
                    refused++;
                }
            } catch (RuntimeException | Error e) {
                surprised++;
                if (surprised <= SHOWN) {
                    surprises.add("header " + i + " of seed " + seed + ": " + e);
                }
            }
        }
        return new Outcome(read, refused, surprised, surprises);
    }

    /** Makes a header and reads it; whether it was read. */
    private static boolean one(Random random) {
        int tensors = random.nextInt(6);
        List<Row> rows = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < tensors; i++) {
            rows.add(sound(random, "t" + i, at));
            at = rows.get(i).end;
        }
        int kind = random.nextInt(4);
        if (kind == 0) {
            check(read(file(random, text(rows)), at), rows.size(), at);
            return true;
        }
        if (kind == 1 && tensors > 0) {
            FAULTS.get(random.nextInt(FAULTS.size())).accept(random, rows.get(random.nextInt(tensors)));
            return refused(file(random, text(rows)), at);
        }
        if (kind == 2) {
            long[] claims = {
                0,
                1,
                -1,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                10_000_000_000L,
                SafetensorsHeader.MAX_HEADER,
                SafetensorsHeader.MAX_HEADER + 1,
                100 + at + text(rows).length()
            };
            byte[] claiming = file(random, text(rows));
            ByteBuffer.wrap(claiming).order(ByteOrder.LITTLE_ENDIAN).putLong(claims[random.nextInt(claims.length)]);
            return refused(claiming, at);
        }
        byte[] file = file(random, text(rows));
        for (int change = random.nextInt(6); change >= 0; change--) {
            file[random.nextInt(file.length)] = (byte)
                    (random.nextBoolean()
                            ? random.nextInt(256)
                            : "0123456789-[]{},\":\\eE.".charAt(random.nextInt(22)));
        }
        byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
        try {
            read(cut, at);
            return true;
        } catch (InputException e) {
            checkMessage(e);
            return false;
        }
    }

    private static Row sound(Random random, String name, long at) {
        Row row = new Row();
        SafetensorsDtype dtype = SafetensorsDtype.values()[random.nextInt(SafetensorsDtype.values().length)];
        long[] shape = new long[random.nextInt(5)];
        Arrays.setAll(shape, i -> random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(1 << random.nextInt(7)));
        row.name = "\"" + name + ".weight\"";
        row.dtype = "\"" + dtype + "\"";
        row.shape = Arrays.toString(shape);
        row.begin = at;
        row.end = at + new SafetensorsHeader.Entry(dtype, shape, 0, 0).elements() * dtype.bytes();
        row.places = "[" + row.begin + ", " + row.end + "]";
        return row;
    }

    private static String text(List<Row> rows) {
        String metadata = "\"__metadata__\":{\"format\":\"pt\"}";
        return "{" + metadata + (rows.isEmpty() ? "" : ",")
                + String.join(",", rows.stream().map(Row::toString).toList()) + "}";
    }

    /** The bytes before the tensors' own. */
    private static byte[] file(Random random, String text) {
        byte[] json = (text + " ".repeat(random.nextInt(9))).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static SafetensorsHeader read(byte[] head, long dataSize) {
        SafetensorsHeader header = SafetensorsHeader.read(
                Channels.newChannel(new ByteArrayInputStream(head)), head.length + dataSize, "fuzz");
        check(header, header.tensors().size(), head.length + dataSize - header.dataStart());
        return header;
    }

    /** Tensors that lie one after another and fill the file. */
    private static void check(SafetensorsHeader header, int tensors, long dataSize) {
        List<SafetensorsHeader.Entry> entries = new ArrayList<>(header.tensors().values());
        entries.sort(Comparator.comparingLong(SafetensorsHeader.Entry::begin)
                .thenComparingLong(SafetensorsHeader.Entry::end));
        long at = 0;
        for (SafetensorsHeader.Entry entry : entries) {
            if (entry.begin() != at
                    || entry.end() - at != entry.elements() * entry.dtype().bytes()) {
                throw new AssertionError("a tensor does not fill its place");
            }
            at = entry.end();
        }
        if (at != dataSize || entries.size() != tensors) {
            throw new AssertionError(
                    entries.size() + " tensors of " + at + " bytes, not " + tensors + " of " + dataSize);
        }
    }

    private static boolean refused(byte[] head, long dataSize) {
        try {
            read(head, dataSize);
        } catch (InputException e) {
            checkMessage(e);
            return false;
        }
        throw new AssertionError("a fault was accepted: " + new String(head, StandardCharsets.UTF_8));
    }

    private static void checkMessage(InputException e) {
        String message = e.getMessage();
        if (!message.contains("fuzz") || message.lines().count() != 1 || message.length() > 2000) {
            throw new AssertionError("not a message of one line: " + message);
        }
    }
}
