package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
