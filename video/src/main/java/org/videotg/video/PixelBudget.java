package org.videotg.video;

/** How many pixels a model may see of a clip, and by which rule they become the size of its frames. */
public sealed interface PixelBudget {
    /**
     * @param frames sampled frames of the clip
     * @param source size of a decoded frame
     * @param temporalFactor frames in a temporal grid
     * @param factor pixels of a merged patch: both sides of the result are multiples of it
     * @throws org.videotg.core.io.InputException if the picture's shape or the budget allows no size
     */
    FrameSize frameSize(int frames, FrameSize source, int temporalFactor, int factor);

    /**
     * One budget for the whole clip, frames * height * width: the processor of transformers 5.18 for Qwen3-VL.
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
     * The same budget for every frame, however many there are: the processor of transformers 5.18 for Qwen2.5-VL.
     *
     * @param minPixels least pixels of a frame ({@code size.shortest_edge} or {@code min_pixels} in a checkpoint's configuration)
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
     * A budget for each frame, from a total for the clip: qwen-vl-utils. The most pixels of a frame are
     * {@code max(min(frameMax, total / frames * 2), int(1.05 * minPixels))}, and no more than {@code maxPixels}.
     *
     * @param minPixels least pixels of a frame
     * @param frameMax most pixels of a frame, whatever the total
     * @param total pixels of all temporal grids together
     * @param maxPixels a further limit of the user's for a frame; {@link Long#MAX_VALUE} for none
     */
    record PerFrame(long minPixels, long frameMax, double total, long maxPixels) implements PixelBudget {
        /** Frames that share a pixel's place in the total: pairs, whatever the model's temporal patch. */
        private static final int FRAME_FACTOR = 2;

        public PerFrame {
            check(minPixels, maxPixels);
            check(minPixels, frameMax);
            if (!(total > 0)) {
                throw new IllegalArgumentException("the total of pixels must be positive, not " + total);
            }
        }

        /** The defaults of qwen-vl-utils: 128 to 768 merged patches a frame, 0.9 * 128000 a clip. */
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
