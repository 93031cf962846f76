package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;

class VideoFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 31, 64})
    void countsFramesOfAConstantRate(int frames) {
        VideoInfo info = VideoFile.probe(TestClips.constant(folder.resolve("c.mp4"), frames, 8));
        assertEquals(frames, info.frames());
        assertEquals(8, info.fps(), 1e-9);
        assertEquals(frames / 8.0, info.duration(), 1e-9);
        assertTrue(info.constantRate() && info.timesFollowIndex());
        assertEquals(
                List.of(TestClips.WIDTH, TestClips.HEIGHT, Orientation.UPRIGHT, "h264"),
                List.of(info.width(), info.height(), info.orientation(), info.codec()));
    }

    @Test
    void aFileIsScannedAgainOnlyAfterAChange() throws IOException {
        Path file = TestClips.constant(folder.resolve("c.mp4"), 3, 8);
        VideoFile first = VideoFile.open(file);
        assertSame(first, VideoFile.open(file));
        assertSame(first.info(), VideoFile.probe(file));
        TestClips.constant(file, 4, 8);
        assertEquals(4, VideoFile.open(file).info().frames(), "another size");
        VideoFile second = VideoFile.open(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        assertNotSame(second, VideoFile.open(file), "another modification time");
        Files.delete(file);
        assertThrows(InputException.class, () -> VideoFile.open(file));
    }

    @Test
    void variableRate() throws IOException {
        VideoFile video = VideoFile.open(TestClips.timed(folder.resolve("v.mp4"), 0, 100, 200, 1000, 1100, 3000));
        assertFalse(video.info().constantRate());
        assertEquals(6, video.info().frames());
        assertEquals(0, video.info().startOffset());
        assertArrayEquals(new double[] {0, 0.1, 0.2, 1, 1.1, 3}, video.times(), 1e-3);
        assertEquals(3.1, video.info().duration(), 0.05);
        // Chosen by time: targets 0, 1, 2, 3 s. Of 1.1 and 3 the former is nearer to 2.
        SampledFrames sampled = new FrameSampling.Hf(2, 4, 4).sample(video);
        assertArrayEquals(new int[] {0, 3, 4, 5}, sampled.indices());
        assertArrayEquals(new double[] {0, 1, 1.1, 3}, sampled.times(), 1e-3);
        assertEquals(1, sampled.notes().size());
        assertTrue(
                sampled.notes().get(0).contains("v.mp4: its frame rate varies"),
                sampled.notes().get(0));
        assertEquals(List.of(0, 3, 4, 5), TestClips.decode(video.info(), sampled.indices()));
    }

    @Test
    void jitterBelowTheToleranceIsConstant() throws IOException {
        VideoFile video = VideoFile.open(TestClips.timed(folder.resolve("j.mp4"), 0, 101, 199, 300, 401, 500));
        assertTrue(video.info().constantRate());
    }

    @Test
    void startOffset() throws IOException {
        VideoFile video = VideoFile.open(TestClips.timed(folder.resolve("o.mp4"), 500, 600, 700, 800, 900));
        VideoInfo info = video.info();
        assertEquals(0.5, info.startOffset(), 1e-3);
        assertTrue(info.constantRate());
        assertFalse(info.timesFollowIndex());
        assertEquals(0.5, info.duration(), 1e-3);
        SampledFrames sampled = new FrameSampling.Hf(10, 1, 8).sample(video);
        assertArrayEquals(
                IntStream.range(0, sampled.count())
                        .mapToDouble(i -> video.times()[sampled.indices()[i]])
                        .toArray(),
                sampled.times());
        assertEquals(0.5, sampled.times()[0], 1e-3);
        assertTrue(
                sampled.notes().get(0).contains("first frame is shown at 0.500 s"),
                sampled.notes().get(0));
    }

    @Test
    void reorderedFramesComeInOrderOfPresentation() throws IOException {
        Path file = TestClips.encode(
                folder.resolve("b.mp4"),
                new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 10, 10, 2, "mp4", "mpeg4", 2),
                LongStream.range(0, 25).toArray());
        VideoFile video = VideoFile.open(file);
        assertEquals(25, video.info().frames());
        assertEquals("mpeg4", video.info().codec());
        assertTrue(video.info().constantRate());
        assertEquals(
                IntStream.range(0, 25).boxed().toList(),
                TestClips.decode(video.info(), IntStream.range(0, 25).toArray()));
    }

    @Test
    void decodingTimesStandInForMissingPresentationTimes() throws IOException {
        Path file = TestClips.encode(
                folder.resolve("n.avi"),
                new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 10, 10, 2, "avi", "mpeg4", 0),
                LongStream.range(0, 13).toArray());
        VideoInfo info = VideoFile.probe(file);
        assertEquals(13, info.frames());
        assertTrue(info.timesFollowIndex(), info.toString());
        assertEquals(1.3, info.duration(), 1e-9);
        assertEquals(List.of(0, 5, 12), TestClips.decode(info, 0, 5, 12));
    }
}
