package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose packets are not their pictures, and whose clocks are not their times. */
class OddVideosTest {
    @TempDir
    Path folder;

    /** Files of bench/reference/odd_videos.py; PyAV finds the same pictures, at 25 a second. */
    @ParameterizedTest
    @CsvSource({
        "fields.ts, 20, 0, true",
        "fields.mkv, 20, 0, true",
        "hidden.webm, 60, 0, false",
        "superframes.webm, 60, 0, false",
        "open-gop.mkv, 60, 40, true",
        "open-gop-hevc.mkv, 60, 40, true",
        "open-gop-hevc.ts, 60, 40, true",
        "mid-gop.ts, 60, 40, true",
        "segment.mp4, 50, 0, false",
        "cover-first.mp4, 30, 0, false"
    })
    void framesArePicturesThatAreShown(String name, int frames, int first, boolean counted) throws URISyntaxException {
        VideoFile video = VideoFile.open(
                Path.of(OddVideosTest.class.getResource("odd/" + name).toURI()));
        VideoInfo info = video.info();
        assertEquals(frames, info.frames());
        assertEquals(counted, info.counted(), "whether it was decoded to count");
        assertEquals(25, info.fps(), 1e-9);
        assertEquals(frames / 25.0, info.duration(), 1e-3);
        assertTrue(info.timesFollowIndex(), info.toString());
        assertArrayEquals(IntStream.range(0, frames).mapToDouble(i -> i / 25.0).toArray(), video.times(), 1e-3);
        int[] all = IntStream.range(0, frames).toArray();
        assertEquals(
                Arrays.stream(all).map(i -> first + i).boxed().toList(), TestClips.decode(info, all), "what they show");
        assertEquals(
                name.endsWith("gop.ts") || name.endsWith("hevc.ts") ? 1 : 0,
                info.notes().size());
    }

    /** What states no length can be read as far as it goes: PyAV shows every frame but the last. */
    @ParameterizedTest
    @ValueSource(strings = {"flv", "fragments"})
    void aRecordingThatBreaksOffHasTheFramesBefore(String kind) throws IOException, URISyntaxException {
        Path file = kind.equals("flv")
                ? TestClips.encode(
                        folder.resolve("whole"),
                        new VideoEncoder.Settings(
                                TestClips.WIDTH, TestClips.HEIGHT, 1000, 25, 12, kind, "libopenh264", 0),
                        LongStream.range(0, 50).map(i -> 40 * i).toArray())
                : Path.of(OddVideosTest.class.getResource("odd/segment.mp4").toURI());
        assertEquals(50, VideoFile.open(file).info().frames());
        byte[] whole = Files.readAllBytes(file);
        int tail = new String(whole, StandardCharsets.ISO_8859_1).indexOf("mfra");
        whole = tail < 0 ? whole : Arrays.copyOf(whole, tail - 4);
        int shown = 50;
        // Bytes that are missing reach from the middle of a frame into the middle of an earlier one.
        for (int missing = 30; missing < 200; missing += 34) {
            Path torn = Files.write(folder.resolve(kind + missing), Arrays.copyOf(whole, whole.length - missing));
            VideoInfo info = VideoFile.open(torn).info();
            assertTrue(info.frames() < 50 && info.frames() <= shown, info.toString());
            shown = info.frames();
            List<Integer> numbers =
                    TestClips.decode(info, IntStream.range(0, shown).toArray());
            // The fragments have frames out of order, so that some before the last may be cut off.
            int lost = kind.equals("flv") ? 0 : 3;
            assertEquals(
                    IntStream.range(0, shown - lost).boxed().toList(),
                    numbers.subList(0, shown - lost),
                    "at " + missing);
            assertTrue(info.notes().stream().anyMatch(note -> note.contains("breaks off in the midst of a frame")));
        }
    }

    /** 30 frames in 0.6 s, then one a second. */
    @ParameterizedTest
    @ValueSource(strings = {"mp4", "matroska"})
    void theRateIsMeasured(String container) throws IOException {
        long[] times = LongStream.concat(
                        LongStream.range(0, 30).map(i -> 20 * i),
                        LongStream.range(0, 20).map(i -> 600 + 1000 * i))
                .toArray();
        VideoFile video = VideoFile.open(TestClips.encode(
                folder.resolve("burst"),
                new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 1000, 50, 12, container, "libopenh264", 0),
                times));
        assertEquals(50, video.info().frames());
        assertEquals(19.62, video.info().duration(), 1e-3);
        assertEquals(50 / 19.62, video.info().fps(), 1e-3);
        assertFalse(video.info().constantRate());
        assertEquals(38, FrameSampling.Utils.defaults().sample(video).count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpegts", "mpeg"})
    void partsWhoseClocksStartAgainFollowOneAnother(String container) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        List<Integer> shown = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            Path file = TestClips.encode(
                    folder.resolve("part"),
                    new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 25, 25, 2, container, "mpeg2video", 0),
                    LongStream.range(0, 50 - part).toArray());
            joined.write(Files.readAllBytes(file));
            shown.addAll(IntStream.range(0, 50 - part).boxed().toList());
        }
        Path file = Files.write(folder.resolve("joined"), joined.toByteArray());
        VideoFile video = VideoFile.open(file);
        assertEquals(147, video.info().frames());
        assertEquals(147 / 25.0, video.info().duration(), 1e-3);
        assertTrue(video.info().timesFollowIndex());
        assertEquals(
                shown, TestClips.decode(video.info(), IntStream.range(0, 147).toArray()));
        List<String> notes = FrameSampling.Hf.defaults().sample(video).notes();
        assertEquals(2, notes.size());
        assertTrue(notes.get(0).startsWith(file + ": its clock jumps at 2.00 s"), notes.get(0));
        assertTrue(notes.get(1).startsWith(file + ": its clock jumps at 3.96 s"), notes.get(1));
    }

    /** As some encoders of MPEG-4 write it: reordered pictures whose presentation times are those of decoding. */
    @Test
    void picturesWithWrongTimesAreShownInTheDecodersOrder() throws IOException {
        Path file = folder.resolve("b.mp4");
        Random random = new Random(1);
        try (VideoEncoder encoder = new VideoEncoder(
                file, new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 10, 10, 2, "mp4", "mpeg4", 2))) {
            for (int i = 0; i < 25; i++) {
                byte[] noise = new byte[TestClips.WIDTH * TestClips.HEIGHT * 3 / 2];
                random.nextBytes(noise);
                byte[] frame = TestClips.numbered(i);
                System.arraycopy(noise, 0, frame, 0, noise.length);
                encoder.add(frame, i);
            }
            encoder.finish();
        }
        TestClips.forget(file, "ctts");
        TestClips.forget(file, "edts");
        VideoInfo info = VideoFile.probe(file);
        int[] all = IntStream.range(0, 25).toArray();
        assertEquals(Arrays.stream(all).boxed().toList(), TestClips.decode(info, all));
    }

    @Test
    void whatStatesNoTimesSaysSo() throws IOException {
        VideoInfo info = VideoFile.probe(TestClips.encode(
                folder.resolve("raw"),
                new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 25, 25, 2, "mpeg2video", "mpeg2video", 0),
                LongStream.range(0, 30).toArray()));
        assertEquals(30, info.frames());
        assertEquals(25, info.fps());
        assertEquals(1, info.notes().size());
        assertTrue(info.notes().get(0).contains("states no times, so 25.000 frames a second"), info.toString());
    }

    /** The red mark is the stored picture's top left corner. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, left, top", "0, 1, -1, 0, right, top", "-1, 0, 0, -1, right, bottom", "0, -1, 1, 0, left, bottom",
        "-1, 0, 0, 1, right, top", "1, 0, 0, -1, left, bottom", "0, 1, 1, 0, left, top", "0, -1, -1, 0, right, bottom"
    })
    void theWholeDisplayMatrixIsApplied(int a, int b, int c, int d, String column, String row) throws IOException {
        Path file = TestClips.constant(folder.resolve("m.mp4"), 3, 8);
        TestClips.display(file, a, b, c, d);
        VideoInfo info = VideoFile.probe(file);
        assertEquals(a == 0, info.orientation().transposed());
        FrameDecoder.decode(info, new int[] {1}, (position, image) -> {
            assertEquals(a == 0 ? TestClips.HEIGHT : TestClips.WIDTH, image.width());
            assertEquals(a == 0 ? TestClips.WIDTH : TestClips.HEIGHT, image.height());
            int x = column.equals("left") ? 4 : image.width() - 5;
            int y = row.equals("top") ? 4 : image.height() - 5;
            int at = (y * image.width() + x) * 3;
            assertTrue((image.rgb()[at] & 0xFF) > 180 && (image.rgb()[at + 1] & 0xFF) < 80, "no red there");
        });
    }

    /** A transposed picture keeps more than its corner. */
    @Test
    void aMirroredPictureIsMirroredInEveryRow() throws IOException {
        Path file = TestClips.constant(folder.resolve("m.mp4"), 6, 8);
        TestClips.display(file, -1, 0, 0, 1);
        FrameDecoder.decode(VideoFile.probe(file), new int[] {5}, (position, image) -> {
            RgbImage mirrored = image.oriented(new Orientation(false, true, false));
            assertEquals(5, TestClips.number(mirrored));
        });
    }

    @ParameterizedTest
    @CsvSource({"320, 320", "161, 160"})
    void pixelsBecomeSquare(int displayed, int width) throws IOException {
        Path file = TestClips.constant(folder.resolve("wide.mp4"), 3, 8);
        TestClips.stretch(file, displayed);
        VideoInfo info = VideoFile.probe(file);
        assertEquals(List.of(width, TestClips.HEIGHT), List.of(info.width(), info.height()));
        FrameDecoder.decode(info, new int[] {1}, (position, image) -> assertEquals(width, image.width()));
    }
}
