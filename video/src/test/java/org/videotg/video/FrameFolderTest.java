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
import org.videotg.core.sample.Clip;

class FrameFolderTest {
    private static final int SIDE = 8;

    @TempDir
    Path folder;

    private Path frames(int count, String times) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve("frame_" + (i + 1) + ".png"), Png.encode(grey(i)));
        }
        Files.writeString(folder.resolve("frames.json"), times);
        return folder;
    }

    private static RgbImage grey(int index) {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        Arrays.fill(rgb, (byte) (10 * index));
        return new RgbImage(SIDE, SIDE, rgb);
    }

    private static List<Integer> greys(VideoInfo info, int... indices) {
        List<Integer> greys = new ArrayList<>();
        FrameDecoder.decode(info, indices, (position, image) -> greys.add((image.rgb()[0] & 0xff) / 10));
        return greys;
    }

    @Test
    void aRateGivesEveryPictureItsTimeInTheOrderOfNumbers() throws IOException {
        VideoFile video = VideoFile.open(frames(12, "{\"fps\": 2}"));
        assertEquals(12, video.info().frames());
        assertEquals(6, video.info().duration());
        assertTrue(video.info().timesFollowIndex());
        assertArrayEquals(IntStream.range(0, 12).mapToDouble(i -> i / 2.0).toArray(), video.times());
        assertEquals(List.of(0, 1, 1, 9, 10, 11), greys(video.info(), 0, 1, 1, 9, 10, 11));
        FrameDecoder.decodeAll(video.info());
        assertEquals(new FrameRange(2, 6), FrameRange.of(video, new Clip(1, 3)));
    }

    @Test
    void statedTimesAreTheTimesOfTheFrames() throws IOException {
        VideoFile video = VideoFile.open(frames(4, "{\"times\": [1.0, 1.5, 4.25, 10.0]}"));
        assertFalse(video.info().timesFollowIndex());
        SampledFrames sampled = new FrameSampling.Hf(2, 4, 8).sample(video);
        assertArrayEquals(new int[] {0, 2, 2, 3}, sampled.indices());
        assertArrayEquals(new double[] {1.0, 4.25, 4.25, 10.0}, sampled.times());
        assertEquals(new FrameRange(1, 2), FrameRange.of(video, new Clip(1.2, 9)));
        // Written anew, so that the folder's time changes.
        Files.delete(folder.resolve("frames.json"));
        assertEquals(2, VideoFile.open(frames(4, "{\"fps\": 2}")).info().duration());
    }

    @Test
    void whatIsMissingOrDamagedIsNamed() throws IOException {
        assertTrue(refusal().contains("frames.json"));
        Files.writeString(folder.resolve("frames.json"), "{\"fps\": 2}");
        assertTrue(refusal().contains("no picture"));
        frames(3, "{\"times\": [0, 1]}");
        assertTrue(refusal().contains("each of the 3 pictures"));
        frames(3, "{\"times\": [0, 1, 1]}");
        assertTrue(refusal().contains("time 3"));
        frames(3, "{\"fps\": 0}");
        assertTrue(refusal().contains("\"fps\" must be above 0"));
        frames(3, "{\"fps\": 2}");
        VideoInfo info = VideoFile.open(folder).info();
        Files.write(folder.resolve("frame_2.png"), Png.encode(new RgbImage(1, 1, new byte[3])));
        assertTrue(assertThrows(InputException.class, () -> FrameDecoder.decodeAll(info))
                .getMessage()
                .contains("frame_2.png has 1x1"));
        Files.writeString(folder.resolve("frame_2.png"), "no picture");
        assertTrue(assertThrows(InputException.class, () -> FrameDecoder.decodeAll(info))
                .getMessage()
                .contains("frame_2.png is no picture"));
    }

    private String refusal() {
        return assertThrows(InputException.class, () -> FrameFolder.open(folder))
                .getMessage();
    }
}
