package org.videotg.video;

import java.io.IOException;
import java.nio.file.Path;
import org.videotg.core.io.OutputException;

/**
 * Writes a clip without loss, frame by frame: FFV1 in Matroska with the times of its frames. The file is not whole
 * before {@link #finish}; an unfinished one is the caller's to delete.
 */
public final class LosslessClip implements AutoCloseable {
    private final Path file;
    private final VideoEncoder encoder;

    /**
     * Begins a clip.
     *
     * @param fps nominal frames per second, which the file states
     * @throws OutputException if the file can't be written
     */
    public LosslessClip(Path file, FrameSize size, double fps) {
        this.file = file;
        try {
            this.encoder = new VideoEncoder(file, VideoEncoder.Settings.lossless(size.width(), size.height(), fps));
        } catch (IOException e) {
            throw unable(e);
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
