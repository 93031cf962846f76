package org.videotg.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

/**
 * Writes H.264 (libopenh264, yuv420p, BT.601) mp4 files at a constant rate, with one thread. The same frames give the
 * same bytes on one platform and version of FFmpeg. The file is written atomically.
 */
public final class Mp4Writer {
    /** A quantiser that keeps the edges of flat coloured shapes of a few pixels. */
    public static final int CRISP = 12;

    private static final int SMALLEST = 16;

    private Mp4Writer() {}

    /**
     * Encodes frames to a file.
     *
     * @param width pixels, even, at least 16
     * @param height pixels, even, at least 16
     * @param fps frames per second
     * @param rgbFrames RGB24 rows from the top, no padding: {@code height * width * 3} bytes each; at least one
     *     frame. A frame is encoded before the next one is requested, so the iterator may reuse its array
     * @param quality constant quantiser of H.264, from 1 (finest, largest) to 51; libopenh264 goes no finer than
     *     12. See {@link #CRISP}
     * @throws InputException if a size is odd or too small, a frame has another length, there is no frame, or the file
     *     can't be written
     */
    public static void write(Path file, int width, int height, int fps, Iterator<byte[]> rgbFrames, int quality) {
        if (width < SMALLEST || height < SMALLEST || width % 2 != 0 || height % 2 != 0) {
            throw new InputException(file + ": can't write frames of " + width + "x" + height
                    + "; H.264 with yuv420p needs even sizes of at least " + SMALLEST);
        }
        if (fps < 1) {
            throw new InputException(file + ": can't write " + fps + " frames per second; give at least 1");
        }
        if (quality < 1 || quality > 51) {
            throw new InputException(file + ": the quantiser must lie in 1 (finest) to 51, not " + quality);
        }
        if (!rgbFrames.hasNext()) {
            throw new InputException(file + ": there is no frame to write; give at least one");
        }
        VideoEncoder.Settings settings = VideoEncoder.Settings.h264(width, height, fps, quality);
        AtomicFiles.write(file, temporary -> encode(file, temporary, settings, rgbFrames));
    }

    private static void encode(Path file, Path temporary, VideoEncoder.Settings settings, Iterator<byte[]> frames)
            throws IOException {
        int length = settings.width() * settings.height() * 3;
        boolean complete = false;
        try (VideoEncoder encoder = new VideoEncoder(temporary, settings)) {
            for (long i = 0; frames.hasNext(); i++) {
                byte[] frame = frames.next();
                if (frame.length != length) {
                    throw new InputException(file + ": frame " + i + " holds " + frame.length + " bytes; RGB24 of "
                            + settings.width() + "x" + settings.height() + " has " + length);
                }
                encoder.add(frame, i);
            }
            encoder.finish();
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
