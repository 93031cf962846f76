package org.videotg.video;

import java.util.Arrays;
import java.util.Objects;

/**
 * Bicubic resizing with antialias from one size to another: torch's {@code interpolate(mode="bicubic",
 * antialias=True)}. The kernel is that of Keys with a = -0.5; when shrinking, its support grows with the scale. Rows
 * are resized first, then columns. Immutable and safe for use by several threads: the weights are computed once.
 */
public final class BicubicResizer {
    /** When values are rounded to 8 bits. */
    public enum Rounding {
        /**
         * After each axis, in 16-bit fixed point; bit-equal to what torch does to uint8 tensors on a CPU, and so to the
         * processors of transformers 5.18.
         */
        EACH_AXIS,
        /** Once at the end, as qwen-vl-utils does, which resizes float32 tensors. */
        ONCE,
        /** Never, and without clamping, as transformers' processors do with float32 tensors; see {@link #exact}. */
        NEVER
    }

    private static final double A = -0.5;
    /** Radius of the kernel in source pixels when enlarging. */
    private static final double RADIUS = 2;

    private static final int CHANNELS = 3;

    private final int inWidth;
    private final int inHeight;
    private final int outWidth;
    private final int outHeight;
    private final Rounding rounding;
    private final Axis horizontal;
    private final Axis vertical;

    public BicubicResizer(FrameSize source, FrameSize target, Rounding rounding) {
        this.inWidth = source.width();
        this.inHeight = source.height();
        this.outWidth = target.width();
        this.outHeight = target.height();
        this.rounding = Objects.requireNonNull(rounding, "rounding");
        this.horizontal = Axis.of(inWidth, outWidth);
        this.vertical = Axis.of(inHeight, outHeight);
    }

    /**
     * Resizes to 8-bit values.
     *
     * @return a new image of the target size, or {@code image} itself if it has that size already
     */
    public RgbImage resize(RgbImage image) {
        check(image);
        if (inWidth == outWidth && inHeight == outHeight) {
            return image;
        }
        byte[] pixels = switch (rounding) {
            case EACH_AXIS -> fixedPoint(image.rgb());
            case ONCE -> rounded(floatingPoint(image.rgb()));
            case NEVER -> throw new IllegalStateException("values that are never rounded don't fit in 8 bits");
        };
        return new RgbImage(outWidth, outHeight, pixels);
    }

    /** Returns the values before rounding, in the order of {@link RgbImage#rgb}; some lie outside 0 to 255. */
    public float[] exact(RgbImage image) {
        check(image);
        if (inWidth == outWidth && inHeight == outHeight) {
            float[] levels = new float[image.rgb().length];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = image.rgb()[i] & 0xFF;
            }
            return levels;
        }
        return floatingPoint(image.rgb());
    }

    private void check(RgbImage image) {
        if (image.width() != inWidth || image.height() != inHeight) {
            throw new IllegalArgumentException("an image of " + image.width() + "x" + image.height() + " where "
                    + inWidth + "x" + inHeight + " was expected");
        }
    }

    private byte[] fixedPoint(byte[] source) {
        byte[] rows = inWidth == outWidth ? source : new byte[inHeight * outWidth * CHANNELS];
        if (rows != source) {
            int half = 1 << (horizontal.precision - 1);
            for (int y = 0, to = 0; y < inHeight; y++) {
                int row = y * inWidth * CHANNELS;
                for (int x = 0; x < outWidth; x++, to += CHANNELS) {
                    int from = row + horizontal.first[x] * CHANNELS;
                    int r = half;
                    int g = half;
                    int b = half;
                    for (int k = horizontal.offset[x]; k < horizontal.offset[x + 1]; k++, from += CHANNELS) {
                        int weight = horizontal.fixed[k];
                        r += weight * (source[from] & 0xFF);
                        g += weight * (source[from + 1] & 0xFF);
                        b += weight * (source[from + 2] & 0xFF);
                    }
                    rows[to] = clamp(r >> horizontal.precision);
                    rows[to + 1] = clamp(g >> horizontal.precision);
                    rows[to + 2] = clamp(b >> horizontal.precision);
                }
            }
        }
        if (inHeight == outHeight) {
            return rows;
        }
        int row = outWidth * CHANNELS;
        byte[] target = new byte[outHeight * row];
        int[] sums = new int[row];
        for (int y = 0; y < outHeight; y++) {
            Arrays.fill(sums, 1 << (vertical.precision - 1));
            for (int k = vertical.offset[y]; k < vertical.offset[y + 1]; k++) {
                int weight = vertical.fixed[k];
                int from = (vertical.first[y] + k - vertical.offset[y]) * row;
                for (int i = 0; i < row; i++) {
                    sums[i] += weight * (rows[from + i] & 0xFF);
                }
            }
            for (int i = 0, to = y * row; i < row; i++) {
                target[to + i] = clamp(sums[i] >> vertical.precision);
            }
        }
        return target;
    }

    private static byte[] rounded(float[] levels) {
        byte[] bytes = new byte[levels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = clamp((int) Math.rint(levels[i]));
        }
        return bytes;
    }

    private float[] floatingPoint(byte[] source) {
        int row = outWidth * CHANNELS;
        float[] rows = new float[inHeight * row];
        for (int y = 0, to = 0; y < inHeight; y++) {
            for (int x = 0; x < outWidth; x++, to += CHANNELS) {
                int from = (y * inWidth + horizontal.first[x]) * CHANNELS;
                for (int k = horizontal.offset[x]; k < horizontal.offset[x + 1]; k++, from += CHANNELS) {
                    float weight = horizontal.exact[k];
                    rows[to] += weight * (source[from] & 0xFF);
                    rows[to + 1] += weight * (source[from + 1] & 0xFF);
                    rows[to + 2] += weight * (source[from + 2] & 0xFF);
                }
            }
        }
        float[] target = new float[outHeight * row];
        for (int y = 0; y < outHeight; y++) {
            int to = y * row;
            for (int k = vertical.offset[y]; k < vertical.offset[y + 1]; k++) {
                float weight = vertical.exact[k];
                int from = (vertical.first[y] + k - vertical.offset[y]) * row;
                for (int i = 0; i < row; i++) {
                    target[to + i] += weight * rows[from + i];
                }
            }
        }
        return target;
    }

    private static byte clamp(int value) {
        return (byte) Math.min(Math.max(value, 0), 255);
    }

    /** The cubic convolution kernel of Keys (1981) with a = -0.5, zero from 2 on. */
    static double kernel(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((A + 2) * d - (A + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }

    /**
     * Weights of one axis: target pixel i is the sum over k in [offset[i], offset[i + 1]) of weight[k] times source
     * pixel first[i] + k - offset[i].
     *
     * @param fixed weights times 2^precision, the most bits that keep the largest within 16
     */
    private record Axis(int[] first, int[] offset, float[] exact, int[] fixed, int precision) {
        static Axis of(int in, int out) {
            double scale = in / (double) out;
            double stretch = Math.max(scale, 1);
            double support = RADIUS * stretch;
            int[] first = new int[out];
            int[] offset = new int[out + 1];
            double[] weights = new double[out * (2 * (int) Math.ceil(support) + 1)];
            for (int i = 0; i < out; i++) {
                double center = scale * (i + 0.5);
                first[i] = Math.max((int) (center - support + 0.5), 0);
                int size = Math.min((int) (center + support + 0.5), in) - first[i];
                offset[i + 1] = offset[i] + size;
                double total = 0;
                for (int k = 0; k < size; k++) {
                    double weight = kernel((first[i] + k - center + 0.5) / stretch);
                    weights[offset[i] + k] = weight;
                    total += weight;
                }
                for (int k = offset[i]; k < offset[i + 1]; k++) {
                    weights[k] /= total;
                }
            }
            int count = offset[out];
            double largest = 0;
            for (int k = 0; k < count; k++) {
                largest = Math.max(largest, weights[k]);
            }
            int precision = 0;
            while (precision < 22 && (int) (0.5 + largest * (1 << (precision + 1))) < 1 << 15) {
                precision++;
            }
            float[] exact = new float[count];
            int[] fixed = new int[count];
            for (int k = 0; k < count; k++) {
                double scaled = weights[k] * (1 << precision);
                exact[k] = (float) weights[k];
                fixed[k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            }
            return new Axis(first, offset, exact, fixed, precision);
        }
    }
}
