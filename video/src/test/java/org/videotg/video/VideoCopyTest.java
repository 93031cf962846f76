package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.sample.Clip;

class VideoCopyTest {
    @TempDir
    Path folder;

    /** Frames at uneven times: 0, 0.1, 0.25, ... s. */
    private Path uneven(String name, String container, String encoder) throws IOException {
        Path file = folder.resolve(name);
        byte[] frame = new byte[800 * 32 * 3];
        try (VideoEncoder out =
                new VideoEncoder(file, new VideoEncoder.Settings(800, 32, 20, 10, 12, container, encoder, 0))) {
            for (int i = 0; i < 12; i++) {
                Arrays.fill(frame, (byte) (20 * i));
                out.add(frame, 2 * i + i / 2);
            }
            out.finish();
        }
        return file;
    }

    @Test
    void framesKeepTheirTimes() throws IOException {
        VideoFile source = VideoFile.open(uneven("v.mkv", "matroska", "mpeg4"));
        Path copy = folder.resolve("copies/v.mp4");
        List<Double> progress = new ArrayList<>();
        VideoCopy.forBrowsers(source, copy, progress::add);
        VideoFile copied = VideoFile.open(copy);
        assertEquals("h264", copied.info().codec());
        assertEquals(640, copied.info().width());
        assertEquals(26, copied.info().height());
        assertArrayEquals(source.times(), copied.times(), 0.001);
        assertEquals(12, progress.size());
        assertEquals(1, progress.get(11));
        FrameDecoder.decode(
                copied.info(), new int[] {6}, (position, image) -> assertEquals(120, image.rgb()[0] & 0xFF, 4));
    }

    @Test
    void aCutBeginsAndEndsAtItsFrames() throws IOException {
        VideoFile source = VideoFile.open(uneven("v.mkv", "matroska", "mpeg4"));
        Path clip = folder.resolve("clip.mp4");
        VideoCopy.cut(source, new FrameRange(3, 7), clip);
        VideoFile cut = VideoFile.open(clip);
        assertEquals(800, cut.info().width());
        assertArrayEquals(
                Arrays.stream(source.times(), 3, 8)
                        .map(t -> t - source.times()[3])
                        .toArray(),
                cut.times(),
                0.001);
        FrameDecoder.decode(
                cut.info(),
                new int[] {0, 4},
                (position, image) -> assertEquals(20 * (position == 0 ? 3 : 7), image.rgb()[0] & 0xFF, 4));
    }

    @Test
    void aPreviewIsSmallAndItsTimesCountFromTheClip() throws IOException {
        VideoFile source = VideoFile.open(uneven("v.mkv", "matroska", "mpeg4"));
        Path copy = folder.resolve("preview.mp4");
        VideoCopy.preview(source, new Clip(0.3, 1), copy);
        VideoFile preview = VideoFile.open(copy);
        assertEquals(320, preview.info().width());
        double[] shown = Arrays.stream(source.times())
                .filter(t -> t >= 0.3 && t <= 1)
                .map(t -> t - 0.3)
                .toArray();
        assertArrayEquals(shown, preview.times(), 0.001, "of about 8 frames a second all are shown");
    }

    @Test
    void whatIsGivenUpLeavesNothing() throws IOException {
        VideoFile source = VideoFile.open(uneven("v.avi", "avi", "mpeg4"));
        Path copy = folder.resolve("copies/v.mp4");
        assertThrows(
                CancellationException.class,
                () -> VideoCopy.forBrowsers(source, copy, share -> {
                    throw new CancellationException();
                }));
        try (Stream<Path> left = Files.list(copy.getParent())) {
            assertTrue(left.findAny().isEmpty());
        }
    }
}
