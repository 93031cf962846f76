package org.videotg.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.sample.Clip;

/**
 * Copies of videos or of parts of them that every browser plays and seeks in: H.264 in mp4, without sound. Frames keep
 * their distances in time, to a millisecond.
 */
public final class VideoCopy {
    private static final int LONGEST_SIDE = 640;
    private static final int PREVIEW_SIDE = 320;
    private static final double PREVIEW_FPS = 10;
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
        int[] frames = IntStream.range(0, video.info().frames()).toArray();
        Part part = new Part(video, frames, 0, scale(video.info(), LONGEST_SIDE), SMALL);
        AtomicFiles.write(copy, temporary -> part.encode(temporary, progress));
    }

    /**
     * Writes a small copy of a clip, of at most {@value #PREVIEW_SIDE} pixels on its longer side and about
     * {@value #PREVIEW_FPS} frames per second, whole or not at all. Frames have their times from the clip's start.
     *
     * @throws org.videotg.core.io.InputException likewise, or if the video has no such clip
     */
    public static void preview(VideoFile video, Clip clip, Path copy) {
        FrameRange range = FrameRange.of(video, clip);
        IntStream.Builder frames = IntStream.builder();
        double next = Double.NEGATIVE_INFINITY;
        for (int i = range.first(); i <= range.last(); i++) {
            if (video.times()[i] >= next) {
                frames.add(i);
                next = video.times()[i] + 1 / PREVIEW_FPS - 1e-3;
            }
        }
        Part part = new Part(video, frames.build().toArray(), clip.start(), scale(video.info(), PREVIEW_SIDE), SMALL);
        AtomicFiles.write(copy, temporary -> part.encode(temporary, share -> {}));
    }

    /** Returns the factor that makes the longer side no longer than that. */
    private static double scale(VideoInfo info, int longest) {
        return Math.min(1, (double) longest / Math.max(info.width(), info.height()));
    }

    /**
     * Cuts frames out of a video, at its size and exactly at the frames: they are encoded anew, because a stream that is
     * copied as it is begins at a keyframe, which may lie seconds earlier. The first frame is shown at 0 s.
     *
     * @throws org.videotg.core.io.InputException likewise
     */
    public static void cut(VideoFile video, FrameRange range, Path clip) {
        int[] frames = IntStream.rangeClosed(range.first(), range.last()).toArray();
        Part part = new Part(video, frames, video.times()[range.first()], 1, FINE);
        AtomicFiles.write(clip, temporary -> part.encode(temporary, share -> {}));
    }

    /**
     * What is copied.
     *
     * @param frames indices, rising
     * @param start seconds that become 0
     * @param scale of both sides
     * @param quality constant quantiser
     */
    private record Part(VideoFile video, int[] frames, double start, double scale, int quality) {
        void encode(Path file, DoubleConsumer progress) throws IOException {
            VideoInfo info = video.info();
            FrameSize size = new FrameSize(even(scale * info.height()), even(scale * info.width()));
            BicubicResizer resizer = new BicubicResizer(
                    new FrameSize(info.height(), info.width()), size, BicubicResizer.Rounding.EACH_AXIS);
            double[] times = video.times();
            int fps = Math.max(1, (int) Math.rint(Math.min(info.fps(), TICKS)));
            VideoEncoder.Settings settings = new VideoEncoder.Settings(
                    size.width(), size.height(), TICKS, fps, quality, "mp4", "libopenh264", 0);
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
