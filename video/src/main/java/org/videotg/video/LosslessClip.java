package org.videotg.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.videotg.core.io.OutputException;

/**
 * Writes a clip without loss, frame by frame: FFV1 in Matroska with the times of its frames. The file is not whole
 * before {@link #finish}; an unfinished one is the caller's to delete.
 */
public final class LosslessClip implements AutoCloseable {
    private final Path file;
    private final VideoEncoder encoder;
    private final FrameSize size;
    private boolean hasBlack;

    /**
     * Begins a clip.
     *
     * @param fps nominal frames per second, which the file states
     * @param silence whether there is a sound track, of a tenth of a second of silence, for readers that want one
     * @throws OutputException if the file can't be written
     */
    public LosslessClip(Path file, FrameSize size, double fps, boolean silence) {
        this.file = file;
        this.size = size;
        try {
            this.encoder =
                    new VideoEncoder(file, VideoEncoder.Settings.lossless(size.width(), size.height(), fps), silence);
        } catch (IOException e) {
            throw unable(e);
        }
    }

    /** Writes all frames of a video, in RGB, with their times in whole milliseconds. */
    public static void copy(VideoFile video, Path file) {
        VideoInfo info = video.info();
        double[] times = video.times();
        FrameSize size = new FrameSize(info.height(), info.width());
        // Readers take a file to begin with its first stream: silence from 0 on keeps the time of a later first frame.
        try (LosslessClip clip = new LosslessClip(file, size, info.fps(), times[0] > 0)) {
            int[] all = IntStream.range(0, info.frames()).toArray();
            FrameDecoder.decode(info, all, (position, image) -> clip.add(image, times[position]));
            clip.finish();
        }
    }

    /** @param seconds time of the frame, at least a millisecond after that of the frame before */
    public void add(RgbImage image, double seconds) {
        try {
            encoder.add(image.rgb(), Math.round(1000 * seconds));
        } catch (IOException e) {
            throw unable(e);
        }
    }

    /** Adds a black frame; only the first one is encoded. */
    public void addBlack(double seconds) {
        long timestamp = Math.round(1000 * seconds);
        try {
            if (hasBlack) {
                encoder.again(timestamp);
            } else {
                encoder.addKept(new byte[3 * size.width() * size.height()], timestamp);
                hasBlack = true;
            }
        } catch (IOException e) {
            throw unable(e);
        }
    }

    /** Ends the clip; the file is whole. */
    public void finish() {
        try {
            encoder.finish();
        } catch (IOException e) {
            throw unable(e);
        }
    }

    private OutputException unable(IOException e) {
        return new OutputException(
                "can't write the clip " + file + ": " + e.getMessage() + "; check the folder and free space", e);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
