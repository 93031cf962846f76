package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;

class FrameDecoderTest {
    @TempDir
    Path folder;

    @Test
    void givesTheChosenFramesInOrder() {
        VideoInfo info = VideoFile.probe(TestClips.constant(folder.resolve("c.mp4"), 101, 8));
        assertEquals(List.of(0, 1, 1, 1, 17, 50, 100, 100), TestClips.decode(info, 0, 1, 1, 1, 17, 50, 100, 100));
        assertEquals(List.of(100), TestClips.decode(info, 100));
        assertEquals(List.of(), TestClips.decode(info));
    }

    /**
     * {@code odd/b-frames.mp4} has two groups of 50 pictures: ffmpeg -f lavfi -i testsrc2=size=96x64:rate=25:duration=4
     * -c:v libx264 -preset slow -crf 34 -bf 3 -b_strategy 0 -x264-params b-pyramid=normal:keyint=50:scenecut=0.
     * {@code odd/joined.mkv} is made of two streams with other parameters, which stand in their first packets alone.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "b-frames.mp4",
                "joined.mkv",
                "hidden.webm",
                "superframes.webm",
                "open-gop.mkv",
                "segment.mp4",
                "fields.mkv"
            })
    void whatElseIsChosenDoesNotChangeAFrame(String name) throws Exception {
        VideoInfo info = VideoFile.probe(odd(name));
        List<byte[]> all = pixels(info, IntStream.range(0, info.frames()).toArray());
        List<int[]> choices = new ArrayList<>();
        for (int step : new int[] {2, 3, 4, 7, 12}) {
            choices.add(IntStream.iterate(step - 1, i -> i < all.size(), i -> i + step)
                    .toArray());
        }
        IntStream.range(0, all.size()).forEach(i -> choices.add(new int[] {i}));
        choices.add(new int[] {3, 3, all.size() - 2});
        for (int[] chosen : choices) {
            List<byte[]> found = pixels(info, chosen);
            assertEquals(chosen.length, found.size());
            for (int i = 0; i < chosen.length; i++) {
                assertArrayEquals(
                        all.get(chosen[i]), found.get(i), "frame " + chosen[i] + " of " + Arrays.toString(chosen));
            }
        }
    }

    @Test
    void whatAChosenFrameIsNotPredictedFromIsNotDecoded() throws Exception {
        assertEquals(100, needed(IntStream.range(0, 100).toArray()));
        assertTrue(needed(IntStream.range(0, 50).map(i -> 2 * i).toArray()) < 80, "every other one");
        assertEquals(1, needed(50), "the first of a group");
        assertTrue(needed(99) < 30, "no group but its own");
        assertTrue(needed(3, 53) < 10, "the beginnings of both groups");
        assertEquals(2, needed(0, 0, 50));
    }

    /** {@code odd/overlap.mp4} is b-frames.mp4 with times of the second group that begin before the first one has ended. */
    @Test
    void groupsWhoseTimesOverlapAreDecodedWholly() throws Exception {
        assertSame(VideoFile.Packets.UNKNOWN, VideoFile.open(odd("overlap.mp4")).packets());
        assertNotSame(
                VideoFile.Packets.UNKNOWN, VideoFile.open(odd("b-frames.mp4")).packets());
    }

    /** Returns the number of packets that are decoded of {@code odd/b-frames.mp4}. */
    private static int needed(int... indices) throws Exception {
        Path file = odd("b-frames.mp4");
        PacketChoice choice = PacketChoice.of(VideoFile.open(file).packets(), indices);
        int needed = 0;
        AVPacket packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
        try (Demuxer demuxer = new Demuxer(file)) {
            while (!choice.isDone() && demuxer.read(packet)) {
                needed += choice.needs(demuxer, packet) ? 1 : 0;
                avcodec.av_packet_unref(packet);
            }
        } finally {
            avcodec.av_packet_free(packet);
        }
        return needed;
    }

    private static Path odd(String name) throws URISyntaxException {
        return Path.of(FrameDecoderTest.class.getResource("odd/" + name).toURI());
    }

    private static List<byte[]> pixels(VideoInfo info, int[] indices) {
        List<byte[]> pixels = new ArrayList<>();
        FrameDecoder.decode(info, indices, (position, image) -> pixels.add(image.rgb()));
        return pixels;
    }

    @Test
    void refusesOtherIndices() {
        VideoInfo info = VideoFile.probe(TestClips.constant(folder.resolve("c.mp4"), 5, 8));
        assertThrows(IllegalArgumentException.class, () -> TestClips.decode(info, 5));
        assertThrows(IllegalArgumentException.class, () -> TestClips.decode(info, -1));
        assertThrows(IllegalArgumentException.class, () -> TestClips.decode(info, 3, 2));
    }

    @Test
    void aCutOffFileGivesWhatIsThereAndNamesWhatIsMissing() throws IOException {
        Path file = TestClips.constant(folder.resolve("cut.mp4"), 100, 8);
        TestClips.indexFirst(file);
        VideoInfo whole = VideoFile.probe(file);
        assertEquals(List.of(99), TestClips.decode(whole, 99));
        TestClips.cut(file, 0.7);
        VideoInfo info = VideoFile.probe(file);
        assertEquals(100, info.frames(), "frames that the index lists");
        assertEquals(12.5, info.duration(), 1e-6);
        assertEquals(List.of(0, 10, 20), TestClips.decode(info, 0, 10, 20));
        InputException e = assertThrows(InputException.class, () -> TestClips.decode(info, 0, 10, 98, 99));
        assertTrue(
                e.getMessage().matches(".*cut\\.mp4 breaks off: found \\d+ of 100 frames, 2 of the 4 needed; .*"),
                e.getMessage());
    }

    /** The last frame before one that stands on its own, so that no other is drawn from it. */
    @Test
    void aDamagedFrameLeavesTheOthersTheirPlaces() throws IOException {
        Path file = TestClips.constant(folder.resolve("damaged.mp4"), 60, 8);
        TestClips.damage(file, 15);
        VideoInfo info = VideoFile.probe(file);
        assertEquals(List.of(10, 14, 16, 20, 40, 59), TestClips.decode(info, 10, 14, 16, 20, 40, 59));
        String message = assertThrows(InputException.class, () -> TestClips.decode(info, 10, 15, 20))
                .getMessage();
        assertTrue(message.contains("damaged.mp4: frame 15 of 60, which is needed, can't be decoded"), message);
    }

    @Test
    void whatTheSinkThrowsComesThrough() {
        VideoInfo info = VideoFile.probe(TestClips.constant(folder.resolve("c.mp4"), 5, 8));
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> FrameDecoder.decode(info, new int[] {1, 2}, (position, image) -> {
                    throw new IllegalStateException("stop at " + position);
                }));
        assertEquals("stop at 0", e.getMessage());
    }

    @Test
    void memoryStaysFlatOverALongVideo() {
        int frames = 1500;
        int width = 320;
        int height = 240;
        Path file = folder.resolve("long.mp4");
        Iterator<byte[]> pictures = IntStream.range(0, frames)
                .mapToObj(i -> {
                    byte[] rgb = new byte[width * height * 3];
                    Arrays.fill(rgb, (byte) i);
                    return rgb;
                })
                .iterator();
        Mp4Writer.write(file, width, height, 30, pictures, 30);
        VideoInfo info = VideoFile.probe(file);
        long[] early = new long[2];
        long[] late = new long[2];
        FrameDecoder.decode(info, IntStream.range(0, frames).toArray(), (position, image) -> {
            if (position == 200) {
                measure(early);
            } else if (position == frames - 1) {
                measure(late);
            }
        });
        // Kept pictures would be 300 MB of RGB on the heap, or 150 MB of YUV outside.
        assertTrue(late[0] - early[0] < 40 << 20, "heap grew by " + (late[0] - early[0]) + " bytes");
        assertTrue(late[1] - early[1] < 60 << 20, "native memory grew by " + (late[1] - early[1]) + " bytes");
    }

    private static void measure(long[] heapAndNative) {
        System.gc();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        heapAndNative[0] = heap.getUsed();
        heapAndNative[1] = Pointer.physicalBytes() - heap.getCommitted();
    }
}
