package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.videotg.core.io.InputException;
import org.videotg.video.BicubicResizer.Rounding;

class ResizeTest {
    /** The noise of golden_resize.py. */
    private static RgbImage noise(int height, int width) {
        byte[] rgb = new byte[height * width * 3];
        int x = height * 1000 + width;
        for (int i = 0; i < rgb.length; i++) {
            x = 1103515245 * x + 12345 & 0x7FFFFFFF;
            rgb[i] = (byte) (x >> 16);
        }
        return new RgbImage(width, height, rgb);
    }

    private static FrameSize size(RgbImage image) {
        return new FrameSize(image.height(), image.width());
    }

    @Test
    void agreesWithTorch() {
        int rows = 0;
        for (JsonNode row : Golden.rows("resize")) {
            int[] from = Golden.ints(row.get("from"));
            int[] to = Golden.ints(row.get("to"));
            Rounding rounding = Rounding.valueOf(row.get("rounding").asText());
            RgbImage image = noise(from[0], from[1]);
            byte[] got = new BicubicResizer(size(image), new FrameSize(to[0], to[1]), rounding)
                    .resize(image)
                    .rgb();
            byte[] expected = Base64.getDecoder().decode(row.get("rgb").asText());
            assertTrue(
                    most(expected, got) <= (rounding == Rounding.EACH_AXIS ? 0 : 1),
                    rounding + " of " + row.get("from") + " to " + row.get("to"));
            rows++;
        }
        assertEquals(12, rows);
    }

    private static int most(byte[] a, byte[] b) {
        assertEquals(a.length, b.length);
        int most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs((a[i] & 0xFF) - (b[i] & 0xFF)));
        }
        return most;
    }

    private static int different(byte[] a, byte[] b) {
        return (int) IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
    }

    @ParameterizedTest
    @CsvSource({"9, 14, 20, 31", "50, 40, 13, 60", "33, 65, 32, 64", "16, 16, 16, 5", "7, 90, 30, 90"})
    void agreesWithTheNaiveSum(int height, int width, int toHeight, int toWidth) {
        RgbImage image = noise(height, width);
        FrameSize target = new FrameSize(toHeight, toWidth);
        double[] sums = naive(image, toHeight, toWidth, Rounding.NEVER);
        float[] exact = new BicubicResizer(size(image), target, Rounding.NEVER).exact(image);
        assertEquals(sums.length, exact.length);
        for (int i = 0; i < sums.length; i++) {
            assertEquals(sums[i], exact[i], 1e-3);
        }
        // Enlarged noise overshoots, and nothing is cut off.
        assertTrue(toHeight < height
                || toWidth < width
                || Arrays.stream(sums).anyMatch(value -> value < 0 || value > 255));
        for (Rounding rounding : List.of(Rounding.EACH_AXIS, Rounding.ONCE)) {
            byte[] got = new BicubicResizer(size(image), target, rounding)
                    .resize(image)
                    .rgb();
            byte[] expected = bytes(naive(image, toHeight, toWidth, rounding));
            // Weights of 16 bits tip a value over a half now and then; the second axis may tip it once more.
            assertTrue(most(expected, got) <= (rounding == Rounding.EACH_AXIS ? 2 : 1), rounding.toString());
            assertTrue(different(expected, got) <= 0.02 * got.length, rounding.toString());
        }
    }

    /** Every source pixel's weight for every target pixel, in double precision. */
    private static double[] naive(RgbImage image, int toHeight, int toWidth, Rounding rounding) {
        double[][][] rows = new double[image.height()][toWidth][3];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < toWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    double sum = 0;
                    double total = 0;
                    for (int from = 0; from < image.width(); from++) {
                        double weight = weight(from, x, image.width(), toWidth);
                        sum += weight * (image.rgb()[(y * image.width() + from) * 3 + c] & 0xFF);
                        total += weight;
                    }
                    double value = sum / total;
                    rows[y][x][c] = rounding == Rounding.EACH_AXIS
                            ? Math.min(Math.max(Math.floor(value + 0.5), 0), 255)
                            : value;
                }
            }
        }
        double[] levels = new double[toHeight * toWidth * 3];
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    double sum = 0;
                    double total = 0;
                    for (int from = 0; from < image.height(); from++) {
                        double weight = weight(from, y, image.height(), toHeight);
                        sum += weight * rows[from][x][c];
                        total += weight;
                    }
                    levels[(y * toWidth + x) * 3 + c] = sum / total;
                }
            }
        }
        return levels;
    }

    private static byte[] bytes(double[] levels) {
        byte[] rgb = new byte[levels.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.min(Math.max(Math.floor(levels[i] + 0.5), 0), 255);
        }
        return rgb;
    }

    /** Cubic convolution with a = -0.5, written out in powers of d. */
    private static double weight(int from, int to, int in, int out) {
        double scale = in / (double) out;
        double d = Math.abs((from + 0.5 - (to + 0.5) * scale) / Math.max(scale, 1));
        return d < 1 ? 1.5 * d * d * d - 2.5 * d * d + 1 : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
    }

    @ParameterizedTest
    @EnumSource(value = Rounding.class, names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    void aFlatPictureStaysFlatAndTheSameSizeIsTheSamePicture(Rounding rounding) {
        byte[] white = new byte[30 * 20 * 3];
        Arrays.fill(white, (byte) 255);
        RgbImage image = new RgbImage(20, 30, white);
        byte[] got = new BicubicResizer(size(image), new FrameSize(64, 7), rounding)
                .resize(image)
                .rgb();
        for (byte value : got) {
            assertEquals(255, value & 0xFF);
        }
        assertSame(image, new BicubicResizer(size(image), size(image), rounding).resize(image));
    }

    @Test
    void sizesAgreeWithTransformers() {
        for (JsonNode row : Golden.rows("size")) {
            int[] from = Golden.ints(row.get("from"));
            PixelBudget budget = new PixelBudget.WholeClip(
                    row.get("min").asLong(), row.get("max").asLong());
            FrameSize size = budget.frameSize(row.get("frames").asInt(), new FrameSize(from[0], from[1]), 2, 32);
            assertArrayEquals(Golden.ints(row.get("to")), new int[] {size.height(), size.width()}, row.toString());
        }
    }

    /** Worked out by hand after Qwen's rule: round to the factor, over budget down, under budget up. */
    @Test
    void sizesOfOnePicture() {
        assertEquals(
                new FrameSize(28, 56), SmartResize.image(new FrameSize(20, 70), 28, 1, 1e9), "70 / 28 = 2.5 is even 2");
        assertEquals(new FrameSize(364, 644), SmartResize.image(new FrameSize(360, 640), 28, 1, 1e9));
        // beta = sqrt(360 * 640 / 100000) = 1.517893; 237.1 -> 224, 421.6 -> 420
        assertEquals(new FrameSize(224, 420), SmartResize.image(new FrameSize(360, 640), 28, 1, 100_000));
        // beta = sqrt(10000 / 1024) = 3.125; 100 -> 112
        assertEquals(new FrameSize(112, 112), SmartResize.image(new FrameSize(32, 32), 28, 10_000, 1e9));
    }

    @Test
    void budgetsOfUtils() {
        FrameSize source = new FrameSize(1080, 1920);
        // 62 frames: min(768, 115200 / 62 * 2 = 3716) patches: beta = sqrt(2073600 / 786432) = 1.6238; 665.1, 1182.4
        assertEquals(new FrameSize(640, 1152), PixelBudget.PerFrame.ofUtils(32).frameSize(62, source, 2, 32));
        // 768 frames: 300 patches: beta = sqrt(2073600 / 307200) = 2.598; 415.7, 739.0
        assertEquals(new FrameSize(384, 736), PixelBudget.PerFrame.ofUtils(32).frameSize(768, source, 2, 32));
        // Time-R1's: total 3584 and least 16 patches of 28: 70 frames leave 102.4 patches; beta = sqrt(2073600 /
        // 80281.6) = 5.082
        PixelBudget time = new PixelBudget.PerFrame(16 * 784, 768 * 784, 3584 * 784, Long.MAX_VALUE);
        assertEquals(new FrameSize(196, 364), time.frameSize(70, source, 2, 28));
    }

    @Test
    void narrowPicturesAndShortClipsAreRefused() {
        assertThrows(InputException.class, () -> SmartResize.image(new FrameSize(10, 2010), 28, 1, 1e9));
        assertEquals(28, SmartResize.image(new FrameSize(10, 2000), 28, 1, 1e9).height());
        assertThrows(InputException.class, () -> SmartResize.clip(2, new FrameSize(40, 8040), 2, 32, 1, 1L << 40));
        InputException e = assertThrows(
                InputException.class, () -> SmartResize.clip(1, new FrameSize(64, 64), 2, 32, 1, 1L << 40));
        assertEquals("a clip of 1 frame is too short: the model needs 2; give a longer video", e.getMessage());
    }
}
