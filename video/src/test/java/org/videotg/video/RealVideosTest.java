package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files of published data sets, which are not part of the repository. */
class RealVideosTest {
    private static final Path FOLDER = Path.of(Objects.requireNonNullElse(
            System.getenv("VIDEOTG_TEST_VIDEOS"),
            Path.of("..", "..", "shared", "data", "videos").toString()));

    @BeforeAll
    static void needsTheFiles() {
        Assumptions.assumeTrue(
                Files.isDirectory(FOLDER),
                "SKIPPED: no real videos in " + FOLDER.toAbsolutePath().normalize()
                        + "; put the files that this test names there, or set VIDEOTG_TEST_VIDEOS to their folder");
    }

    @ParameterizedTest
    @CsvSource({
        "3MSZA.mp4, 480, 270, 930, 30, 31.0, h264",
        "OHOFG.mp4, 640, 360, 335, 9.532888465, 35.1415, h264",
        "v_TpB_zMG3XBA.mp4, 398, 224, 491, 3, 163.6666667, mpeg4",
        "lf1.mp4, 640, 360, 243, 25, 9.72, h264",
        "lf2.avi, 320, 240, 270, 29.9166667, 9.0250696, h264",
        "lf4.mp4, 224, 224, 150, 30, 5.0, h264"
    })
    void probesAndDecodes(String name, int width, int height, int frames, double fps, double duration, String codec) {
        VideoInfo info = VideoFile.probe(FOLDER.resolve(name));
        assertEquals(
                List.of(width, height, frames, codec),
                List.of(info.width(), info.height(), info.frames(), info.codec()));
        assertEquals(fps, info.fps(), 1e-6);
        assertEquals(duration, info.duration(), 1e-5);
        assertTrue(info.timesFollowIndex());
        int[] seen = {0};
        FrameDecoder.decode(info, new int[] {0, frames / 2, frames - 1}, (position, image) -> {
            seen[0]++;
            int[] levels = new int[256];
            for (byte value : image.rgb()) {
                levels[value & 0xFF]++;
            }
            assertTrue(
                    Arrays.stream(levels).filter(n -> n > 0).count() > 50, "a picture of more than a few grey levels");
        });
        assertEquals(3, seen[0]);
    }

    @Test
    void theVisualTokensOfBothReferences() {
        VideoFile video = VideoFile.open(FOLDER.resolve("3MSZA.mp4"));
        FrameSize source = new FrameSize(video.info().height(), video.info().width());

        SampledFrames hf = FrameSampling.Hf.defaults().sample(video);
        assertEquals(62, hf.count());
        assertArrayEquals(new int[] {0, 15, 30, 46, 61}, Arrays.copyOf(hf.indices(), 5));
        assertEquals(46 / 30.0, hf.times()[3]);
        assertEquals(List.of(), hf.notes());
        FrameSize size = new PixelBudget.WholeClip(4096, 25165824).frameSize(62, source, 2, 32);
        assertEquals(3720, 31 * size.pixels() / (32 * 32));

        SampledFrames utils = FrameSampling.Utils.defaults().sample(video);
        assertEquals(62, utils.count());
        assertEquals(2, utils.sampleFps(), 1e-12);
        size = PixelBudget.PerFrame.ofUtils(32).frameSize(62, source, 2, 32);
        assertEquals(4464, 31 * size.pixels() / (32 * 32));
    }
}
