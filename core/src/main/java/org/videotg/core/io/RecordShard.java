package org.videotg.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One shard of {@link RecordShards} as it is read, and the form of its bytes. A record is a header of a block, a name,
 * the content, a CRC-32C of name and content, and zeros up to the next block. A full shard ends with an index of its
 * records and a block that says where the index is; without these its headers are read one after the other. Blocks have
 * {@value #BLOCK} bytes and end with a CRC-32C of themselves, numbers are big-endian.
 */
final class RecordShard {
    static final int BLOCK = 64;
    /** "VTGRECO1" and "VTGSEAL1". */
    private static final long RECORD = 0x565447_5245434f31L;

    private static final long SEAL = 0x565447_5345414c31L;
    private static final int CHECKED = BLOCK - Integer.BYTES;
    /** Bytes of an entry of the index. */
    private static final int ENTRY = 5 * Long.BYTES + Integer.BYTES;

    private static final int MAX_NAME = 1 << 16;
    private static final int WINDOW = 1 << 16;

    private final Path file;
    /** Where the next record will be looked for. */
    private long end;
    /** Size of the file when that was found out. */
    private long size = -1;

    private boolean full;

    RecordShard(Path file) {
        this.file = file;
    }

    /** A key of 32 hexadecimal digits. */
    record Key(long high, long low) {
        static Key of(String digits) {
            if (digits.length() != 4 * Long.BYTES) {
                throw new IllegalArgumentException("not a key of 32 hexadecimal digits: " + digits);
            }
            return new Key(HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigitsToLong(digits, 16, 32));
        }

        @Override
        public String toString() {
            return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        }
    }

    /**
     * Where a record is.
     *
     * @param at first byte of its header
     * @param name bytes of its name
     * @param length bytes of its content
     * @param time when it was written, in milliseconds; of two records with the same key the later one counts
     */
    record Entry(RecordShard shard, Key key, long at, int name, long length, long time) {
        /** First byte of the content. */
        long content() {
            return at + BLOCK + name;
        }

        /** First byte after the record. */
        long end() {
            return (content() + length + Integer.BYTES + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    Path file() {
        return file;
    }

    /** Whether it has its index, so that nothing more is appended. */
    boolean isFull() {
        return full;
    }

    /** First byte after the last whole record that has been read. */
    long end() {
        return end;
    }

    /** Notes a record that this process has appended itself. */
    void appended(Entry entry) {
        end = entry.end();
        size = end;
    }

    /** Reads the records that have been appended since the last call. */
    List<Entry> news() throws IOException {
        if (full) {
            return List.of();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long now = channel.size();
            if (now == size) {
                return List.of();
            }
            List<Entry> found = new ArrayList<>();
            full = index(channel, now, found) || scan(channel, now, found);
            size = now;
            return found;
        }
    }

    /** Returns whether there is an index, and adds what it lists. */
    private boolean index(FileChannel channel, long now, List<Entry> found) throws IOException {
        ByteBuffer seal = now < BLOCK ? null : block(channel, now - BLOCK, SEAL);
        if (seal == null) {
            return false;
        }
        long at = seal.getLong();
        int count = seal.getInt();
        int checksum = seal.getInt();
        if (at < 0 || count < 0 || at + (long) count * ENTRY > now - BLOCK) {
            return false;
        }
        ByteBuffer bytes = read(channel, at, count * ENTRY);
        if (bytes == null || checksum(bytes) != checksum) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Key key = new Key(bytes.getLong(), bytes.getLong());
            found.add(new Entry(this, key, bytes.getLong(), bytes.getInt(), bytes.getLong(), bytes.getLong()));
        }
        end = at;
        return true;
    }

    /** Adds the records after the last one; always false. What is damaged is passed over. */
    private boolean scan(FileChannel channel, long now, List<Entry> found) throws IOException {
        for (long at = end; at + BLOCK <= now; ) {
            Entry entry = entry(block(channel, at, RECORD), at);
            if (entry == null) {
                at = next(channel, at + BLOCK, now);
            } else if (entry.end() > now) {
                // It is being written, or its writer was killed.
                break;
            } else {
                found.add(entry);
                end = entry.end();
                at = end;
            }
        }
        return false;
    }

    /** Returns the first block from here on that is a header. */
    private static long next(FileChannel channel, long from, long now) throws IOException {
        for (long at = from; at + BLOCK <= now; at += WINDOW) {
            ByteBuffer window = read(channel, at, (int) Math.min(WINDOW, (now - at) / BLOCK * BLOCK));
            for (int i = 0; window != null && i < window.limit(); i += BLOCK) {
                if (checked(window.slice(i, BLOCK), RECORD) != null) {
                    return at + i;
                }
            }
        }
        return now;
    }

    private Entry entry(ByteBuffer header, long at) {
        if (header == null) {
            return null;
        }
        Key key = new Key(header.getLong(), header.getLong());
        long length = header.getLong();
        long time = header.getLong();
        int name = header.getInt();
        return length < 0 || length > Long.MAX_VALUE / 2 || name < 0 || name > MAX_NAME
                ? null
                : new Entry(this, key, at, name, length, time);
    }

    /** Returns what follows the mark of a block, or null if it is not such a block. */
    private static ByteBuffer block(FileChannel channel, long at, long mark) throws IOException {
        return checked(read(channel, at, BLOCK), mark);
    }

    private static ByteBuffer checked(ByteBuffer block, long mark) {
        return block == null
                        || block.getLong() != mark
                        || block.getInt(CHECKED)
                                != checksum(block.duplicate().rewind().limit(CHECKED))
                ? null
                : block;
    }

    /** Returns bytes of the file, or null if it ends before. */
    private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                return null;
            }
        }
        return bytes.flip();
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        return (int) checksum.getValue();
    }

    /** Reads the name of a record, and the checksum of name and content that was written with it. */
    static RecordShards.Listed listed(Entry entry) throws IOException {
        try (FileChannel channel = FileChannel.open(entry.shard().file(), StandardOpenOption.READ)) {
            ByteBuffer name = read(channel, entry.at() + BLOCK, entry.name());
            ByteBuffer checksum = read(channel, entry.content() + entry.length(), Integer.BYTES);
            if (name == null || checksum == null) {
                throw new IOException("it ends early");
            }
            return new RecordShards.Listed(
                    entry.key().toString(),
                    StandardCharsets.UTF_8.decode(name).toString(),
                    entry.shard().file(),
                    entry.length(),
                    HexFormat.of().toHexDigits(checksum.getInt()));
        }
    }

    /** Returns the bytes of a name, cut to what a record may have. */
    static byte[] name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_NAME ? bytes : Arrays.copyOf(bytes, MAX_NAME);
    }

    /** Writes a record. */
    static void write(WritableByteChannel out, Entry entry, byte[] name, AppendedFile.Piece content)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BLOCK)
                .putLong(RECORD)
                .putLong(entry.key().high())
                .putLong(entry.key().low())
                .putLong(entry.length())
                .putLong(entry.time())
                .putInt(entry.name());
        writeBlock(out, header);
        Checked checked = new Checked(out);
        checked.write(ByteBuffer.wrap(name));
        content.write(checked);
        if (checked.bytes != name.length + entry.length()) {
            throw new IllegalStateException(
                    "a record of " + entry.length() + " bytes has " + (checked.bytes - name.length));
        }
        long written = entry.content() + entry.length();
        ByteBuffer rest = ByteBuffer.allocate((int) (entry.end() - written))
                .putInt((int) checked.checksum.getValue())
                .rewind();
        writeAll(out, rest);
    }

    /** Writes the index and the block that ends a full shard. */
    static void writeIndex(WritableByteChannel out, List<Entry> entries, long at) throws IOException {
        ByteBuffer index = ByteBuffer.allocate((entries.size() * ENTRY + BLOCK - 1) / BLOCK * BLOCK);
        for (Entry entry : entries) {
            index.putLong(entry.key().high())
                    .putLong(entry.key().low())
                    .putLong(entry.at())
                    .putInt(entry.name())
                    .putLong(entry.length())
                    .putLong(entry.time());
        }
        int checksum = checksum(index.duplicate().flip());
        writeAll(out, index.rewind());
        writeBlock(
                out,
                ByteBuffer.allocate(BLOCK)
                        .putLong(SEAL)
                        .putLong(at)
                        .putInt(entries.size())
                        .putInt(checksum));
    }

    private static void writeBlock(WritableByteChannel out, ByteBuffer block) throws IOException {
        block.putInt(CHECKED, checksum(block.duplicate().rewind().limit(CHECKED)));
        writeAll(out, block.rewind());
    }

    private static void writeAll(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Counts and checks what passes. */
    private static final class Checked implements WritableByteChannel {
        private final WritableByteChannel out;
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        Checked(WritableByteChannel out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = source.remaining();
            checksum.update(source.duplicate());
            writeAll(out, source);
            bytes += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() {}
    }
}
