package org.videotg.models.config;

import java.util.List;

/** What one family's vision tower has that the others lack; sizes common to all stand in {@link VisionConfig}. */
public sealed interface VisionDesign {
    /** Checks it against the tower's other sizes. */
    void check(VisionConfig config);

    /**
     * Qwen2.5-VL: RMSNorm, SwiGLU, attention inside square windows in all but a few blocks; time enters through the positions of
     * the language model.
     *
     * @param windowSize pixels of a window's side
     * @param fullAttentionBlocks blocks whose attention spans a whole temporal grid
     * @param tokensPerSecond temporal positions of one second
     */
    record Windowed(int windowSize, List<Integer> fullAttentionBlocks, int tokensPerSecond) implements VisionDesign {
        public Windowed {
            fullAttentionBlocks = List.copyOf(fullAttentionBlocks);
            ConfigCheck.positive("vision_config", "tokens_per_second", tokensPerSecond);
        }

        /** Merged units of a window's side. */
        public int windowUnits(VisionConfig config) {
            return windowSize / config.spatialMergeSize() / config.patchSize();
        }

        @Override
        public void check(VisionConfig config) {
            if (windowUnits(config) < 1) {
                throw new IllegalArgumentException(
                        "vision_config: window_size (" + windowSize + ") is less than one merged unit of "
                                + config.spatialMergeSize() * config.patchSize() + " pixels");
            }
            ConfigCheck.blocks("fullatt_block_indexes", fullAttentionBlocks, config.depth());
        }
    }

    /**
     * Qwen3-VL: LayerNorm, an MLP with the tanh form of GELU, a learned position table, and DeepStack.
     *
     * @param numPositionEmbeddings entries of the learned square position table
     * @param taps blocks after which DeepStack features are taken, in order
     */
    record DeepStack(int numPositionEmbeddings, List<Integer> taps) implements VisionDesign {
        public DeepStack {
            taps = List.copyOf(taps);
            int side = (int) Math.round(Math.sqrt(numPositionEmbeddings));
            if (side < 1 || side * side != numPositionEmbeddings) {
                throw new IllegalArgumentException(
                        "vision_config: num_position_embeddings must be a square, not " + numPositionEmbeddings);
            }
        }

        public int positionsPerSide() {
            return (int) Math.round(Math.sqrt(numPositionEmbeddings));
        }

        @Override
        public void check(VisionConfig config) {
            ConfigCheck.blocks("deepstack_visual_indexes", taps, config.depth());
        }
    }
}
