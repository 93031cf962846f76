package org.videotg.models.preprocess;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InterpolateFuncOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kBicubic;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.BicubicResizer.Rounding;
import org.videotg.video.FrameSize;
import org.videotg.video.RgbImage;

/**
 * Resizes frames by libtorch's kernels, as the references do. {@link org.videotg.video.BicubicResizer} computes the same
 * without libtorch, in about ten times the time.
 */
final class FrameResizer {
    private static final int CHANNELS = 3;

    private final FrameSize source;
    private final FrameSize target;
    private final Rounding rounding;

    FrameResizer(FrameSize source, FrameSize target, Rounding rounding) {
        this.source = source;
        this.target = target;
        this.rounding = rounding;
    }

    Rounding rounding() {
        return rounding;
    }

    /** Returns a new image of the target size, or the image itself if it has that size already. */
    RgbImage resize(RgbImage image) {
        if (source.equals(target)) {
            return image;
        }
        byte[] pixels = new byte[target.height() * target.width() * CHANNELS];
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = tensor(image);
            Tensor resized = rounding == Rounding.EACH_AXIS
                    ? resized(rows)
                    : resized(rows.to(torch.ScalarType.Float))
                            .round()
                            .clamp_min(new Scalar(0))
                            .clamp_max(new Scalar(255))
                            .to(torch.ScalarType.Byte);
            new BytePointer(resized.permute(0, 2, 3, 1).contiguous().data_ptr()).get(pixels);
        }
        return new RgbImage(target.width(), target.height(), pixels);
    }

    /** Returns the values before rounding, in the order of {@link RgbImage#rgb}; some lie outside 0 to 255. */
    float[] exact(RgbImage image) {
        try (PointerScope scope = new PointerScope()) {
            Tensor levels = tensor(image).to(torch.ScalarType.Float);
            return Tensors.toFloats((source.equals(target) ? levels : resized(levels)).permute(0, 2, 3, 1));
        }
    }

    /** Returns the channels of an image, [1, 3, height, width], in the order of its bytes. */
    private Tensor tensor(RgbImage image) {
        if (image.height() != source.height() || image.width() != source.width()) {
            throw new IllegalArgumentException("an image of " + image.width() + "x" + image.height() + " where "
                    + source.width() + "x" + source.height() + " was expected");
        }
        long[] shape = {1, image.height(), image.width(), CHANNELS};
        return torch.from_blob(new BytePointer(image.rgb()), shape, Tensors.options(torch.ScalarType.Byte))
                .permute(0, 3, 1, 2);
    }

    private Tensor resized(Tensor channels) {
        InterpolateFuncOptions options = new InterpolateFuncOptions();
        options.size().put(new LongVector(target.height(), target.width()));
        options.mode().put(new kBicubic());
        options.align_corners().put(false);
        options.antialias().put(true);
        return torch.interpolate(channels, options);
    }
}
