package org.videotg.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;

/**
 * Copies of videos or of parts of them that every browser plays and seeks in: H.264 in mp4, without sound. Frames keep
 * their distances in time, to a millisecond.
 */
public final class VideoCopy {
    private static final int LONGEST_SIDE = 640;
    private static final int TICKS = 1000;
    private static final int SMALL = 26;
    private static final int FINE = 18;

    private VideoCopy() {}

    /**
     * Writes a copy of at most {@value #LONGEST_SIDE} pixels on its longer side, whole or not at all. Frames keep their
     * times.
     *
     * @param progress takes the share of the frames that are written, in [0, 1]; what it throws ends the work
     * @throws org.videotg.core.io.InputException if the video can't be decoded, or the copy not be written
     */
    public static void forBrowsers(VideoFile video, Path copy, DoubleConsumer progress) {
        VideoInfo info = video.info();
        double scale = Math.min(1, (double) LONGEST_SIDE / Math.max(info.width(), info.height()));
        Part part = new Part(video, new FrameRange(0, info.frames() - 1), 0, scale, SMALL);
        AtomicFiles.write(copy, temporary -> part.encode(temporary, progress));
    }

    /**
     * Cuts frames out of a video, at its size and exactly at the frames: they are encoded anew, because a stream that is
     * copied as it is begins at a keyframe, which may lie seconds earlier. The first frame is shown at 0 s.
     *
     * @throws org.videotg.core.io.InputException likewise
     */
    public static void cut(VideoFile video, FrameRange range, Path clip) {
        Part part = new Part(video, range, video.times()[range.first()], 1, FINE);
        AtomicFiles.write(clip, temporary -> part.encode(temporary, share -> {}));
    }

    /**
     * What is copied.
     *
     * @param start seconds that become 0
     * @param scale of both sides
     * @param quality constant quantiser
     */
    private record Part(VideoFile video, FrameRange range, double start, double scale, int quality) {
        void encode(Path file, DoubleConsumer progress) throws IOException {
            VideoInfo info = video.info();
            FrameSize size = new FrameSize(even(scale * info.height()), even(scale * info.width()));
            BicubicResizer resizer = new BicubicResizer(
                    new FrameSize(info.height(), info.width()), size, BicubicResizer.Rounding.EACH_AXIS);
            double[] times = video.times();
            int fps = Math.max(1, (int) Math.rint(Math.min(info.fps(), TICKS)));
            VideoEncoder.Settings settings = new VideoEncoder.Settings(
                    size.width(), size.height(), TICKS, fps, quality, "mp4", "libopenh264", 0);
            int[] frames = IntStream.rangeClosed(range.first(), range.last()).toArray();
            try (VideoEncoder encoder = new VideoEncoder(file, settings)) {
                long[] last = {-1};
                FrameDecoder.decode(info, frames, (position, image) -> {
                    last[0] = Math.max(last[0] + 1, Math.round((times[frames[position]] - start) * TICKS));
                    try {
                        encoder.add(resizer.resize(image).rgb(), last[0]);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    progress.accept((position + 1.0) / frames.length);
                });
                encoder.finish();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    private static int even(double pixels) {
        return Math.max(16, 2 * (int) Math.rint(pixels / 2));
    }
}
