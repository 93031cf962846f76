package org.videotg.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.videotg.core.io.InputException;

/** The boxes of an mp4 or mov file (ISO/IEC 14496-12), as far as FFmpeg does not tell of them. */
final class MovieBoxes {
    private static final int HEADER = 8;
    private static final int LONG_HEADER = 16;

    private MovieBoxes() {}

    /** Whether edit lists place the tracks of a movie that is not in fragments, from its time 0 on. */
    static boolean editsWholeMovie(Path path) {
        try (FileChannel file = FileChannel.open(path)) {
            return contains(file, 0, file.size(), "moov", "trak", "edts")
                    && !contains(file, 0, file.size(), "moov", "mvex");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Whether a movie is in fragments, each of which has its own index. */
    static boolean isInFragments(Path path) {
        try (FileChannel file = FileChannel.open(path)) {
            return contains(file, 0, file.size(), "moov", "mvex");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static InputException unreadable(Path path, IOException e) {
        return new InputException("can't read " + path + ": " + e.getClass().getSimpleName(), e);
    }

    /**
     * Whether there is a box of the first name within a range of the file, which holds one of the second, and so on.
     */
    private static boolean contains(FileChannel file, long from, long to, String... names) throws IOException {
        if (names.length == 0) {
            return true;
        }
        String[] inner = Arrays.copyOfRange(names, 1, names.length);
        for (long at = from; at + HEADER <= to; ) {
            ByteBuffer header = ByteBuffer.allocate(LONG_HEADER);
            file.read(header, at);
            long size = header.getInt(0) & 0xFFFF_FFFFL;
            int start = size == 1 ? LONG_HEADER : HEADER;
            size = size == 1 ? header.getLong(HEADER) : size;
            size = size == 0 ? to - at : Math.min(size, to - at);
            String name = new String(header.array(), 4, 4, StandardCharsets.ISO_8859_1);
            if (size < start) {
                return false;
            }
            if (name.equals(names[0]) && contains(file, at + start, at + size, inner)) {
                return true;
            }
            at += size;
        }
        return false;
    }
}
