package org.videotg.video;

import org.videotg.core.io.InputException;

/**
 * Qwen-VL's rules for the size of pictures: sides are multiples of a factor, the area lies within a budget, the aspect
 * ratio is kept as nearly as that allows. Python's {@code round} is {@link Math#rint}.
 */
public final class SmartResize {
    /** Largest ratio of the longer side to the shorter one. */
    public static final int MAX_ASPECT = 200;

    private SmartResize() {}

    /**
     * Applies the rule for a single picture (Qwen2-VL, and each frame in qwen-vl-utils). Sides are rounded to the
     * factor; over budget they are divided by sqrt(h * w / max) and rounded down, under budget multiplied by sqrt(min /
     * (h * w)) and rounded up.
     *
     * @param factor pixels of a merged patch
     * @throws InputException if one side is more than 200 times the other
     */
    public static FrameSize image(FrameSize source, int factor, double minPixels, double maxPixels) {
        int height = source.height();
        int width = source.width();
        checkAspect(height, width);
        int h = Math.max(factor, nearest(height, factor));
        int w = Math.max(factor, nearest(width, factor));
        double area = (double) height * width;
        if ((double) h * w > maxPixels) {
            double beta = Math.sqrt(area / maxPixels);
            return new FrameSize(down(height / beta, factor), down(width / beta, factor));
        }
        if ((double) h * w < minPixels) {
            double beta = Math.sqrt(minPixels / area);
            return new FrameSize(up(height * beta, factor), up(width * beta, factor));
        }
        return new FrameSize(h, w);
    }

    /**
     * Applies the rule for a clip with one budget (transformers 5.18, {@code qwen3_vl/video_processing_qwen3_vl.py}). A
     * picture with a side below the factor is enlarged first. The budget is compared with the frames rounded to the
     * temporal factor, the scale is computed with the frames as they are.
     *
     * @param frames sampled frames, at least {@code temporalFactor}
     * @throws InputException if there are too few frames, or one side is more than 200 times the other
     */
    public static FrameSize clip(
            int frames, FrameSize source, int temporalFactor, int factor, long minPixels, long maxPixels) {
        if (frames < temporalFactor) {
            throw new InputException("a clip of " + frames + " frame" + (frames == 1 ? "" : "s")
                    + " is too short: the model " + "needs " + temporalFactor + "; give a longer video");
        }
        int height = source.height();
        int width = source.width();
        if (height < factor || width < factor) {
            double scale = Math.max(factor / (double) height, factor / (double) width);
            height = (int) (height * scale);
            width = (int) (width * scale);
        }
        checkAspect(height, width);
        int h = nearest(height, factor);
        int w = nearest(width, factor);
        double t = Math.rint(frames / (double) temporalFactor) * temporalFactor;
        double volume = (double) frames * height * width;
        if (t * h * w > maxPixels) {
            double beta = Math.sqrt(volume / maxPixels);
            return new FrameSize(down(height / beta, factor), down(width / beta, factor));
        }
        if (t * h * w < minPixels) {
            double beta = Math.sqrt(minPixels / volume);
            return new FrameSize(up(height * beta, factor), up(width * beta, factor));
        }
        return new FrameSize(h, w);
    }

    private static void checkAspect(int height, int width) {
        if (Math.max(height, width) / (double) Math.min(height, width) > MAX_ASPECT) {
            throw new InputException("a picture of " + width + "x" + height + " is too narrow: one side may be at most "
                    + MAX_ASPECT + " times the other; crop it");
        }
    }

    private static int nearest(double side, int factor) {
        return (int) Math.rint(side / factor) * factor;
    }

    private static int down(double side, int factor) {
        return Math.max(factor, (int) Math.floor(side / factor) * factor);
    }

    private static int up(double side, int factor) {
        return (int) Math.ceil(side / factor) * factor;
    }
}
