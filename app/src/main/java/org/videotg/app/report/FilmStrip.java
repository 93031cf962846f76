package org.videotg.app.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSize;
import org.videotg.video.RgbImage;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

/**
 * Frames of a video side by side in one JPEG picture: frame i of n shows the middle of the part from i/n to (i+1)/n of
 * the duration, so that the picture lines up with a timeline of the same width.
 *
 * @param dataUri of the picture
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 */
record FilmStrip(String dataUri, int width, int height, int frames) {
    private static final int MOST_HEIGHT = 72;
    private static final int LEAST_HEIGHT = 48;
    private static final int MANY = 12;
    private static final int FEW = 8;
    private static final int BORDER = 2;
    private static final int BORDER_COLOUR = 0xB8B8B8;
    private static final float QUALITY = 0.82f;

    /**
     * Decodes and joins the frames.
     *
     * @param duration seconds from the clip's start that the strip covers
     * @throws org.videotg.core.io.InputException if the video can't be read
     */
    static FilmStrip of(VideoRef video, double duration) {
        Drawn strip = draw(video, duration);
        return new FilmStrip(
                "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(strip.image())),
                strip.image().getWidth(),
                strip.image().getHeight(),
                strip.frames());
    }

    /** The frames as a picture, and how many they are. */
    record Drawn(BufferedImage image, int frames) {}

    /** Decodes and joins the frames likewise. */
    static Drawn draw(VideoRef video, double duration) {
        VideoFile file = VideoFile.open(video.file());
        VideoInfo info = file.info();
        int height = Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, info.height()));
        int width = Math.max(1, Math.min(3 * height, (int) Math.rint((double) height * info.width() / info.height())));
        int frames = 3 * width > 4 * height ? FEW : MANY;
        BufferedImage strip = new BufferedImage(frames * width, height, BufferedImage.TYPE_INT_RGB);
        BicubicResizer resizer = new BicubicResizer(
                new FrameSize(info.height(), info.width()),
                new FrameSize(height, width),
                BicubicResizer.Rounding.EACH_AXIS);
        FrameDecoder.decode(
                info,
                middles(file.times(), frames, video.clip().start(), duration),
                (position, image) -> paint(strip, position, resizer.resize(image)));
        return new Drawn(strip, frames);
    }

    /** Returns the frames shown in the middle of {@code frames} equal parts of the duration from {@code start}. */
    static int[] middles(double[] times, int frames, double start, double duration) {
        int[] indices = new int[frames];
        for (int i = 0; i < frames; i++) {
            double middle = start + (i + 0.5) / frames * duration;
            int at = Arrays.binarySearch(times, middle);
            indices[i] = Math.max(0, at >= 0 ? at : -at - 2);
        }
        return indices;
    }

    /** Draws a frame; its last columns are the border to the next one. */
    private static void paint(BufferedImage strip, int position, RgbImage image) {
        int left = position * image.width();
        int at = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++, at += 3) {
                int rgb = (image.rgb()[at] & 0xFF) << 16
                        | (image.rgb()[at + 1] & 0xFF) << 8
                        | (image.rgb()[at + 2] & 0xFF);
                strip.setRGB(left + x, y, x < image.width() - BORDER ? rgb : BORDER_COLOUR);
            }
        }
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
