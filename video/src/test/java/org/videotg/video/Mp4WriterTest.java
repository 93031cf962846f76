package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

class Mp4WriterTest {
    private static final int SIZE = 64;

    @TempDir
    Path folder;

    /** Four coloured shapes on grey, one of which moves. */
    private static byte[] shapes(int i) {
        byte[] rgb = new byte[SIZE * SIZE * 3];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                int colour = 0x303030;
                colour = x >= 2 + i && x < 16 + i && y >= 4 && y < 18 ? 0xE02020 : colour;
                colour = (x - 46) * (x - 46) + (y - 46) * (y - 46) < 81 ? 0x20C040 : colour;
                colour = y >= 40 && y < 60 && x < y - 38 ? 0x3050F0 : colour;
                colour = x >= 24 && x < 34 && y >= 40 && y < 60 ? 0xE0D020 : colour;
                for (int c = 0; c < 3; c++) {
                    rgb[(y * SIZE + x) * 3 + c] = (byte) (colour >> (16 - 8 * c));
                }
            }
        }
        return rgb;
    }

    private static List<byte[]> clip(int frames) {
        return IntStream.range(0, frames).mapToObj(Mp4WriterTest::shapes).toList();
    }

    @Test
    void shapesStayCrispAndColoursSurvive() {
        Path file = folder.resolve("shapes.mp4");
        List<byte[]> frames = clip(24);
        Mp4Writer.write(file, SIZE, SIZE, 8, frames.iterator(), Mp4Writer.CRISP);
        List<RgbImage> read = new ArrayList<>();
        FrameDecoder.decode(VideoFile.probe(file), IntStream.range(0, 24).toArray(), (i, image) -> read.add(image));
        double squares = 0;
        for (int i = 0; i < 24; i++) {
            byte[] rgb = read.get(i).rgb();
            for (int k = 0; k < rgb.length; k++) {
                int difference = (rgb[k] & 0xFF) - (frames.get(i)[k] & 0xFF);
                squares += difference * difference;
            }
            assertColour(read.get(i), 8 + i, 11, 0xE02020);
            assertColour(read.get(i), 46, 46, 0x20C040);
            assertColour(read.get(i), 5, 55, 0x3050F0);
            assertColour(read.get(i), 29, 50, 0xE0D020);
        }
        double psnr = 10 * Math.log10(255 * 255 / (squares / (24 * SIZE * SIZE * 3)));
        // 4:2:0 halves the colour's resolution: what is lost lies along the edges.
        assertTrue(psnr > 27, "PSNR " + psnr);
    }

    private static void assertColour(RgbImage image, int x, int y, int colour) {
        for (int c = 0; c < 3; c++) {
            int value = image.rgb()[(y * image.width() + x) * 3 + c] & 0xFF;
            assertEquals(colour >> (16 - 8 * c) & 0xFF, value, 8, "channel " + c + " at " + x + "," + y);
        }
    }

    @Test
    void sameFramesGiveSameBytes() throws IOException {
        Path a = folder.resolve("a.mp4");
        Path b = folder.resolve("b.mp4");
        Mp4Writer.write(a, SIZE, SIZE, 8, clip(20).iterator(), 18);
        Mp4Writer.write(b, SIZE, SIZE, 8, clip(20).iterator(), 18);
        assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
        Mp4Writer.write(b, SIZE, SIZE, 8, clip(20).iterator(), 30);
        assertTrue(Files.size(b) < Files.size(a), "a coarser quantiser gives a smaller file");
    }

    @Test
    void anArrayMayBeReused() {
        Path file = folder.resolve("reused.mp4");
        byte[] shared = new byte[TestClips.WIDTH * TestClips.HEIGHT * 3];
        Mp4Writer.write(
                file,
                TestClips.WIDTH,
                TestClips.HEIGHT,
                8,
                IntStream.range(0, 9)
                        .mapToObj(i -> {
                            System.arraycopy(TestClips.numbered(i), 0, shared, 0, shared.length);
                            return shared;
                        })
                        .iterator(),
                Mp4Writer.CRISP);
        assertEquals(
                IntStream.range(0, 9).boxed().toList(),
                TestClips.decode(VideoFile.probe(file), IntStream.range(0, 9).toArray()));
    }

    @Test
    void badInputLeavesNoFile() throws IOException {
        assertBad("even sizes", 63, 64, clip(1));
        assertBad("even sizes", 64, 8, clip(1));
        assertBad("no frame", 64, 64, List.of());
        assertBad("frame 1 holds 12 bytes", 64, 64, List.of(shapes(0), new byte[12]));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFailureKeepsTheFileThatWasThere() throws IOException {
        Path file = folder.resolve("kept.mp4");
        Mp4Writer.write(file, SIZE, SIZE, 8, clip(3).iterator(), 12);
        byte[] before = Files.readAllBytes(file);
        assertThrows(
                InputException.class,
                () -> Mp4Writer.write(
                        file,
                        SIZE,
                        SIZE,
                        8,
                        Arrays.asList(shapes(0), new byte[5]).iterator(),
                        12));
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    private void assertBad(String expected, int width, int height, List<byte[]> frames) {
        Path file = folder.resolve("bad.mp4");
        InputException e = assertThrows(
                InputException.class, () -> Mp4Writer.write(file, width, height, 8, frames.iterator(), 12));
        assertTrue(e.getMessage().contains(expected) && e.getMessage().contains("bad.mp4"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }
}
