package org.videotg.models.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.run.Draw;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.video.BicubicResizer;
import org.videotg.video.BicubicResizer.Rounding;
import org.videotg.video.FrameSize;
import org.videotg.video.RgbImage;

/** The oracle is {@link BicubicResizer}, which has a naive oracle of its own. */
class FrameResizerTest {
    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    @ParameterizedTest
    @CsvSource({
        "9, 14, 20, 31",
        "50, 40, 13, 60",
        "33, 65, 32, 64",
        "16, 16, 16, 5",
        "7, 90, 30, 90",
        "270, 480, 96, 160"
    })
    void agreesWithTheResizerWithoutLibtorch(int height, int width, int toHeight, int toWidth) {
        FrameSize source = new FrameSize(height, width);
        FrameSize target = new FrameSize(toHeight, toWidth);
        RgbImage image = noise(source);
        assertArrayEquals(
                new BicubicResizer(source, target, Rounding.EACH_AXIS)
                        .resize(image)
                        .rgb(),
                new FrameResizer(source, target, Rounding.EACH_AXIS)
                        .resize(image)
                        .rgb());
        byte[] expected =
                new BicubicResizer(source, target, Rounding.ONCE).resize(image).rgb();
        byte[] actual =
                new FrameResizer(source, target, Rounding.ONCE).resize(image).rgb();
        int others = 0;
        for (int i = 0; i < expected.length; i++) {
            // The last bit may tip a value over a half.
            assertEquals(expected[i] & 0xFF, actual[i] & 0xFF, 1);
            others += expected[i] == actual[i] ? 0 : 1;
        }
        assertEquals(0, others, 0.001 * expected.length);
        assertArrayEquals(
                new BicubicResizer(source, target, Rounding.NEVER).exact(image),
                new FrameResizer(source, target, Rounding.NEVER).exact(image),
                1e-3f);
    }

    @Test
    void theSameSizeIsTheSamePicture() {
        FrameSize size = new FrameSize(9, 14);
        RgbImage image = noise(size);
        assertSame(image, new FrameResizer(size, size, Rounding.EACH_AXIS).resize(image));
        float[] exact = new FrameResizer(size, size, Rounding.NEVER).exact(image);
        assertEquals(image.rgb()[7] & 0xFF, exact[7]);
        FrameResizer other = new FrameResizer(new FrameSize(14, 9), size, Rounding.ONCE);
        assertThrows(IllegalArgumentException.class, () -> other.resize(image));
    }

    private static RgbImage noise(FrameSize size) {
        Random random = Draw.generator(1, "noise", size.height());
        byte[] rgb = new byte[size.height() * size.width() * 3];
        random.nextBytes(rgb);
        return new RgbImage(size.width(), size.height(), rgb);
    }
}
