package org.videotg.video;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Converts decoded pictures to RGB with the colour matrix and range of their tags; untagged ones are taken for BT.601,
 * limited range, as FFmpeg does.
 */
final class RgbConverter implements AutoCloseable {
    private static final int UNIT = 1 << 16;

    private record Source(int width, int height, int pixelFormat, int matrix, int range) {}

    private final FrameDecoder.Colours conversion;
    private final int width;
    private final int height;
    private final AVFrame rgb;
    private final int stride;
    /** Pixels of {@link #rgb}; valid until that is freed. */
    private final ByteBuffer plane;

    private Source source;
    private SwsContext scaler;

    /** @param width, height of the images in pixels; pictures of another size are scaled to it */
    RgbConverter(int width, int height, FrameDecoder.Colours conversion) throws Ffmpeg.Failure {
        this.conversion = conversion;
        this.width = width;
        this.height = height;
        rgb = Ffmpeg.present(avutil.av_frame_alloc(), "allocate a picture");
        rgb.width(width).height(height).format(avutil.AV_PIX_FMT_RGB24);
        int code = avutil.av_frame_get_buffer(rgb, 0);
        if (code < 0) {
            close();
            throw new Ffmpeg.Failure("allocate a picture", code);
        }
        stride = rgb.linesize(0);
        plane = rgb.data(0).capacity((long) stride * height).asByteBuffer();
    }

    RgbImage convert(AVFrame frame) throws Ffmpeg.Failure {
        Source next =
                new Source(frame.width(), frame.height(), frame.format(), frame.colorspace(), frame.color_range());
        if (!next.equals(source)) {
            prepare(next);
        }
        Ffmpeg.check(
                swscale.sws_scale(scaler, frame.data(), frame.linesize(), 0, next.height(), rgb.data(), rgb.linesize()),
                "convert colours");
        int row = 3 * width;
        byte[] pixels = new byte[row * height];
        for (int y = 0; y < height; y++) {
            plane.get(y * stride, pixels, y * row, row);
        }
        return new RgbImage(width, height, pixels);
    }

    private void prepare(Source next) throws Ffmpeg.Failure {
        swscale.sws_freeContext(scaler);
        scaler = null;
        source = null;
        scaler = Ffmpeg.present(
                swscale.sws_getContext(
                        next.width(),
                        next.height(),
                        next.pixelFormat(),
                        width,
                        height,
                        avutil.AV_PIX_FMT_RGB24,
                        conversion.flags,
                        null,
                        null,
                        (DoublePointer) null),
                "prepare the colour conversion");
        // Formats without a matrix (RGB) refuse this and need none.
        swscale.sws_setColorspaceDetails(
                scaler,
                swscale.sws_getCoefficients(next.matrix()),
                next.range() == avutil.AVCOL_RANGE_JPEG ? 1 : 0,
                swscale.sws_getCoefficients(swscale.SWS_CS_DEFAULT),
                1,
                0,
                UNIT,
                UNIT);
        source = next;
    }

    @Override
    public void close() {
        swscale.sws_freeContext(scaler);
        scaler = null;
        avutil.av_frame_free(rgb);
    }
}
