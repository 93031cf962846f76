package org.videotg.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;

/**
 * A copy of a video that every browser plays and seeks in: H.264 in mp4, at most {@value #LONGEST_SIDE} pixels wide and
 * high, without sound. Frames keep their times, to a millisecond.
 */
public final class BrowserCopy {
    private static final int LONGEST_SIDE = 640;
    private static final int TICKS = 1000;
    private static final int QUALITY = 26;

    private BrowserCopy() {}

    /**
     * Writes a copy, whole or not at all.
     *
     * @param progress takes the share of the frames that are written, in [0, 1]; what it throws ends the work
     * @throws org.videotg.core.io.InputException if the video can't be decoded, or the copy not be written
     */
    public static void write(VideoFile video, Path copy, DoubleConsumer progress) {
        AtomicFiles.write(copy, temporary -> encode(video, temporary, progress));
    }

    private static void encode(VideoFile video, Path file, DoubleConsumer progress) throws IOException {
        VideoInfo info = video.info();
        double scale = Math.min(1, (double) LONGEST_SIDE / Math.max(info.width(), info.height()));
        FrameSize size = new FrameSize(even(scale * info.height()), even(scale * info.width()));
        BicubicResizer resizer =
                new BicubicResizer(new FrameSize(info.height(), info.width()), size, BicubicResizer.Rounding.EACH_AXIS);
        double[] times = video.times();
        int fps = Math.max(1, (int) Math.rint(Math.min(info.fps(), TICKS)));
        VideoEncoder.Settings settings =
                new VideoEncoder.Settings(size.width(), size.height(), TICKS, fps, QUALITY, "mp4", "libopenh264", 0);
        try (VideoEncoder encoder = new VideoEncoder(file, settings)) {
            long[] last = {-1};
            FrameDecoder.decode(info, IntStream.range(0, info.frames()).toArray(), (position, image) -> {
                last[0] = Math.max(last[0] + 1, Math.round(times[position] * TICKS));
                try {
                    encoder.add(resizer.resize(image).rgb(), last[0]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.accept((position + 1.0) / info.frames());
            });
            encoder.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int even(double pixels) {
        return Math.max(16, 2 * (int) Math.rint(pixels / 2));
    }
}
