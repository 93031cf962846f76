package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LosslessClipTest {
    private static final int FRAMES = 7;
    private static final FrameSize SIZE = new FrameSize(21, 33);

    @TempDir
    private Path folder;

    /** Noise, which no lossy coder keeps. */
    private static RgbImage frame(int seed) {
        byte[] rgb = new byte[3 * SIZE.width() * SIZE.height()];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(SIZE.width(), SIZE.height(), rgb);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClipKeepsEveryPixelAndTheTimes(boolean silence) {
        // With silence from 0 on, the first frame may come later.
        double start = silence ? 0.3 : 0;
        double[] times =
                IntStream.range(0, FRAMES).mapToDouble(i -> start + i / 1.9).toArray();
        Path file = folder.resolve("clip.mkv");
        try (LosslessClip clip = new LosslessClip(file, SIZE, 1.9, silence)) {
            for (int i = 0; i < FRAMES; i++) {
                if (i % 3 == 1) {
                    clip.addBlack(times[i]);
                } else {
                    clip.add(frame(i), times[i]);
                }
            }
            clip.finish();
        }
        VideoFile video = VideoFile.open(file);
        assertEquals(FRAMES, video.info().frames());
        assertEquals(1.9, video.info().fps(), 1e-6);
        assertArrayEquals(times, video.times(), 5.001e-4);
        List<RgbImage> read = new ArrayList<>();
        FrameDecoder.decode(video.info(), IntStream.range(0, FRAMES).toArray(), (i, image) -> read.add(image));
        for (int i = 0; i < FRAMES; i++) {
            byte[] expected = i % 3 == 1 ? new byte[3 * SIZE.width() * SIZE.height()] : frame(i).rgb();
            assertArrayEquals(expected, read.get(i).rgb(), "frame " + i);
        }
    }

    @Test
    void aPictureKeepsEveryPixel() throws IOException {
        RgbImage image = frame(3);
        int[] read = ImageIO.read(new ByteArrayInputStream(Png.encode(image)))
                .getRGB(0, 0, SIZE.width(), SIZE.height(), null, 0, SIZE.width());
        for (int i = 0; i < read.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                assertEquals(image.rgb()[3 * i + channel], (byte) (read[i] >> (16 - 8 * channel)));
            }
        }
    }
}
