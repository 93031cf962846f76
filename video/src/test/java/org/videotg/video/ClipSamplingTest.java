package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Clip;

class ClipSamplingTest {
    private static final FrameSampling UTILS = FrameSampling.Utils.defaults();

    @TempDir
    Path folder;

    /** Values of bench/reference/golden_clip_ranges.py. */
    @Test
    void framesOfClipsAreThoseOfQwenVlUtils() throws URISyntaxException {
        Path file =
                Path.of(ClipSamplingTest.class.getResource("golden_clips.jsonl").toURI());
        List<JsonNode> rows =
                Jsonl.read(file).stream().map(Jsonl.Row::node).skip(1).toList();
        assertTrue(rows.size() > 100);
        int refused = 0;
        for (JsonNode row : rows) {
            Clip clip = Clip.of(bound(row, "start"), bound(row, "end"));
            double fps = row.get("fps").asDouble();
            Optional<FrameRange> range = FrameRange.byIndex(row.get("total").asInt(), fps, clip);
            JsonNode reads = row.get("reads");
            if (reads.isNull()) {
                assertTrue(range.isEmpty() || range.get().frames() < 2, row.toString());
                refused++;
                continue;
            }
            assertEquals(
                    new FrameRange(reads.get("first").asInt(), reads.get("last").asInt()), range.orElseThrow());
            int count = UTILS.count(range.get().frames(), fps);
            assertArrayEquals(Golden.ints(reads.get("indices")), UTILS.indices(range.get(), count), row.toString());
            assertEquals(
                    reads.get("sampleFps").asDouble(),
                    count / (double) range.get().frames() * fps,
                    1e-12);
        }
        assertEquals(2, refused);
    }

    private static OptionalDouble bound(JsonNode row, String name) {
        return row.get(name).isNull()
                ? OptionalDouble.empty()
                : OptionalDouble.of(row.get(name).asDouble());
    }

    @Test
    void timesCountFromTheClipsStart() {
        VideoFile video = VideoFile.open(TestClips.constant(folder.resolve("v.mp4"), 100, 10));
        for (FrameSampling sampling :
                List.of(UTILS, FrameSampling.Hf.defaults(), new FrameSampling.HfPairs(2, 4, 768))) {
            SampledFrames sampled = sampling.sample(video, new Clip(4.05, 7.25));
            assertEquals(new FrameRange(41, 72), sampled.range());
            assertEquals(6, sampled.count());
            assertEquals(41, sampled.indices()[0]);
            assertEquals(0.05, sampled.times()[0], 1e-9);
            assertTrue(IntStream.of(sampled.indices()).allMatch(i -> i >= 41 && i <= 72));
            assertEquals(3.2, sampled.duration(), 1e-9);
            assertEquals(6 / 32.0 * 10, sampled.sampleFps(), 1e-9);
        }
    }

    /** The frames that are decoded are those of the clip, told by the numbers that they show. */
    @Test
    void theClipsOwnFramesAreDecoded() {
        VideoFile video = VideoFile.open(TestClips.constant(folder.resolve("v.mp4"), 100, 10));
        SampledFrames sampled = UTILS.sample(video, new Clip(4, 7.2));
        int[] seen = new int[sampled.count()];
        FrameDecoder.decode(
                sampled.info(),
                sampled.indices(),
                FrameDecoder.Colours.FAST,
                (position, image) -> seen[position] = TestClips.number(image));
        assertArrayEquals(sampled.indices(), seen);
    }

    @Test
    void atAVariableRateFramesPresentedWithinTheClipAreTaken() throws IOException {
        VideoFile video =
                VideoFile.open(TestClips.timed(folder.resolve("v.mp4"), 0, 100, 1000, 1100, 2000, 2900, 3000, 3050));
        SampledFrames sampled = UTILS.sample(video, new Clip(0.5, 2.95));
        assertEquals(new FrameRange(2, 5), sampled.range());
        assertEquals(0.5, sampled.times()[0], 1e-3);
        assertEquals(2.4, sampled.times()[sampled.count() - 1], 1e-3);
    }

    @Test
    void aClipThatTheFileDoesNotHoldIsRefusedBeforeAnyFrame() {
        Path file = TestClips.constant(folder.resolve("v.mp4"), 100, 10);
        VideoFile video = VideoFile.open(file);
        assertEquals(new FrameRange(95, 99), FrameRange.of(video, new Clip(9.5, 10.9)), "an end that was rounded");
        InputException beyond = assertThrows(InputException.class, () -> UTILS.sample(video, new Clip(8, 20)));
        assertEquals(
                file
                        + " from 8.00 s to 20.00 s, but the file ends at 10.00 s; correct the clip, or give the whole video",
                beyond.getMessage());
        InputException cut = assertThrows(InputException.class, () -> UTILS.sample(video, new Clip(39, 48.8)));
        assertTrue(cut.getMessage().contains("cut already"), cut.getMessage());
        InputException none = assertThrows(InputException.class, () -> UTILS.sample(video, new Clip(1.01, 1.02)));
        assertTrue(none.getMessage().contains("holds no frame"), none.getMessage());
    }

    @Test
    void clipsThatAreNone() {
        for (double[] bounds : new double[][] {{3, 2}, {3, 3}, {-1, 2}, {Double.NaN, 2}, {1, Double.NaN}}) {
            assertThrows(IllegalArgumentException.class, () -> new Clip(bounds[0], bounds[1]));
        }
    }
}
