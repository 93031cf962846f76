package org.videotg.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Small clips and damaged files for the tests of this package. */
final class TestClips {
    static final int BITS = 10;
    static final int CELL = 16;
    static final int WIDTH = BITS * CELL;
    static final int HEIGHT = 32;

    private TestClips() {}

    /** A frame that shows its number in black and white cells, lowest bit left, and a red corner at the top left. */
    static byte[] numbered(int number) {
        byte[] rgb = new byte[WIDTH * HEIGHT * 3];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int at = (y * WIDTH + x) * 3;
                boolean white = y >= HEIGHT / 2 && (number >> (x / CELL) & 1) == 1;
                boolean red = y < HEIGHT / 2 && x < CELL;
                rgb[at] = (byte) (white || red ? 255 : 0);
                rgb[at + 1] = (byte) (white ? 255 : 0);
                rgb[at + 2] = rgb[at + 1];
            }
        }
        return rgb;
    }

    /** The number an upright frame shows. */
    static int number(RgbImage image) {
        int number = 0;
        for (int bit = 0; bit < BITS; bit++) {
            int at = ((HEIGHT * 3 / 4) * image.width() + bit * CELL + CELL / 2) * 3;
            number |= (image.rgb()[at] & 0xFF) > 127 ? 1 << bit : 0;
        }
        return number;
    }

    static List<byte[]> numbered(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(TestClips::numbered).toList();
    }

    static Path constant(Path file, int frames, int fps) {
        Mp4Writer.write(file, WIDTH, HEIGHT, fps, numbered(0, frames).iterator(), Mp4Writer.CRISP);
        return file;
    }

    /** One numbered frame at each of these times, in milliseconds. */
    static Path timed(Path file, long... milliseconds) throws IOException {
        return encode(
                file, new VideoEncoder.Settings(WIDTH, HEIGHT, 1000, 10, 12, "mp4", "libopenh264", 0), milliseconds);
    }

    static Path encode(Path file, VideoEncoder.Settings settings, long... ticks) throws IOException {
        try (VideoEncoder encoder = new VideoEncoder(file, settings)) {
            for (int i = 0; i < ticks.length; i++) {
                encoder.add(numbered(i), ticks[i]);
            }
            encoder.finish();
        }
        return file;
    }

    /** Sets an mp4 file's display matrix, which maps (x, y) to (a x + c y, b x + d y). */
    static void display(Path file, int a, int b, int c, int d) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer matrix = ByteBuffer.wrap(bytes, find(bytes, "tkhd") + 44, 36);
        for (int value : new int[] {a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30}) {
            matrix.putInt(value);
        }
        Files.write(file, bytes);
    }

    /** Sets the width at which an mp4 file's pictures are displayed. */
    static void stretch(Path file, int width) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).putInt(find(bytes, "tkhd") + 80, width << 16);
        Files.write(file, bytes);
    }

    /** Hides a box of an mp4 file. */
    static void forget(Path file, String box) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        System.arraycopy("free".getBytes(StandardCharsets.US_ASCII), 0, bytes, find(bytes, box), 4);
        Files.write(file, bytes);
    }

    /** Declares an mp4 file's pictures to be of another codec. */
    static void recode(Path file, String fourcc) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        System.arraycopy(fourcc.getBytes(StandardCharsets.US_ASCII), 0, bytes, find(bytes, "stsd") + 16, 4);
        Files.write(file, bytes);
    }

    /** Moves an mp4 file's index to its front, as for streaming, so that a cut-off file still has it. */
    static void indexFirst(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int moov = find(bytes, "moov") - 4;
        int mdat = find(bytes, "mdat") - 4;
        if (moov < mdat) {
            throw new IllegalStateException("the index is first already");
        }
        int length = ByteBuffer.wrap(bytes).getInt(moov);
        ByteBuffer offsets = ByteBuffer.wrap(bytes);
        int stco = find(bytes, "stco") + 8;
        for (int i = 0; i < offsets.getInt(stco); i++) {
            int at = stco + 4 + 4 * i;
            offsets.putInt(at, offsets.getInt(at) + length);
        }
        ByteBuffer moved = ByteBuffer.allocate(bytes.length);
        moved.put(bytes, 0, mdat).put(bytes, moov, length).put(bytes, mdat, moov - mdat);
        Files.write(file, moved.array());
    }

    /** Destroys what an mp4 file holds of one frame, in order of decoding. */
    static void damage(Path file, int frame) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer sizes = ByteBuffer.wrap(bytes);
        int first = find(bytes, "stsz") + 16;
        int at = find(bytes, "mdat") + 4;
        for (int i = 0; i < frame; i++) {
            at += sizes.getInt(first + 4 * i);
        }
        Arrays.fill(bytes, at, at + sizes.getInt(first + 4 * frame), (byte) 0);
        Files.write(file, bytes);
    }

    static void cut(Path file, double share) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * share)));
    }

    /** A second of silence. */
    static Path wav(Path file) throws IOException {
        ByteBuffer wav = ByteBuffer.allocate(44 + 16_000).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 16_000);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1);
        wav.putInt(8000).putInt(16_000).putShort((short) 2).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(16_000);
        Files.write(file, wav.array());
        return file;
    }

    /** The numbers the chosen frames show. */
    static List<Integer> decode(VideoInfo info, int... indices) {
        List<Integer> numbers = new ArrayList<>();
        FrameDecoder.decode(info, indices, (position, image) -> {
            if (position != numbers.size()) {
                throw new IllegalStateException("position " + position + " after " + numbers.size() + " frames");
            }
            numbers.add(number(image));
        });
        return numbers;
    }

    private static int find(byte[] bytes, String fourcc) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(fourcc);
        if (at < 0) {
            throw new IllegalStateException("no " + fourcc);
        }
        return at;
    }
}
