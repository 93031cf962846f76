package org.videotg.video;

/**
 * The pixels a model may see of a clip, and the rule that turns them into the size of its frames; one record per
 * reference implementation. The records' text is part of manifests, of the identity of verdicts and of cached features.
 */
public sealed interface PixelBudget {
    /**
     * Returns the size to which frames are resized.
     *
     * @param frames sampled frames of the clip
     * @param source size of a decoded frame
     * @param temporalFactor frames in a temporal grid
     * @param factor pixels of a merged patch: both sides of the result are multiples of it
     * @throws org.videotg.core.io.InputException if no size fits the picture's shape and the budget
     */
    FrameSize frameSize(int frames, FrameSize source, int temporalFactor, int factor);

    /**
     * One budget for frames * height * width of the whole clip: transformers 5.18 for Qwen3-VL.
     *
     * @param minPixels least pixels of a clip ({@code size.shortest_edge} in a checkpoint's configuration)
     * @param maxPixels most pixels of a clip ({@code size.longest_edge})
     */
    record WholeClip(long minPixels, long maxPixels) implements PixelBudget {
        public WholeClip {
            check(minPixels, maxPixels);
        }

        @Override
        public FrameSize frameSize(int frames, FrameSize source, int temporalFactor, int factor) {
            return SmartResize.clip(frames, source, temporalFactor, factor, minPixels, maxPixels);
        }
    }

    /**
     * A fixed budget for every frame, however many there are: transformers 5.18 for Qwen2.5-VL.
     *
     * @param minPixels least pixels of a frame ({@code size.shortest_edge} or {@code min_pixels} in a checkpoint's
     *     configuration)
     * @param maxPixels most pixels of a frame ({@code size.longest_edge} or {@code max_pixels})
     */
    record EachFrame(long minPixels, long maxPixels) implements PixelBudget {
        public EachFrame {
            check(minPixels, maxPixels);
        }

        @Override
        public FrameSize frameSize(int frames, FrameSize source, int temporalFactor, int factor) {
            return SmartResize.image(source, factor, (double) minPixels, (double) maxPixels);
        }
    }

    /**
     * A share of the clip's total for every frame: qwen-vl-utils. The most pixels of a frame are
     * {@code max(min(frameMax, total / frames * 2), int(1.05 * minPixels))}, and no more than {@code maxPixels}.
     *
     * @param minPixels least pixels of a frame
     * @param frameMax most pixels of a frame, however large the total
     * @param total pixels of all temporal grids together
     * @param maxPixels a further limit for a frame, set by the user; {@link Long#MAX_VALUE} for none
     */
    record PerFrame(long minPixels, long frameMax, double total, long maxPixels) implements PixelBudget {
        /** Frames that count once in the total: pairs, also where the model's temporal patch is longer. */
        private static final int FRAME_FACTOR = 2;

        public PerFrame {
            check(minPixels, maxPixels);
            check(minPixels, frameMax);
            if (!(total > 0)) {
                throw new IllegalArgumentException("the total of pixels must be positive, not " + total);
            }
        }

        /** The defaults of qwen-vl-utils: 128 to 768 merged patches per frame, 0.9 * 128000 per clip. */
        public static PerFrame ofUtils(int factor) {
            long patch = (long) factor * factor;
            return new PerFrame(128 * patch, 768 * patch, 128_000 * patch * 0.9, Long.MAX_VALUE);
        }

        @Override
        public FrameSize frameSize(int frames, FrameSize source, int temporalFactor, int factor) {
            double limit = Math.max(
                    Math.min((double) frameMax, total / frames * FRAME_FACTOR), (double) (long) (minPixels * 1.05));
            return SmartResize.image(source, factor, (double) minPixels, Math.min(limit, (double) maxPixels));
        }
    }

    private static void check(long min, long max) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("a pixel budget needs 1 <= min <= max, not " + min + " and " + max);
        }
    }
}
