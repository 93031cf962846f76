package org.videotg.models.qwen3vl;

/**
 * The fields of {@code vision_config} that only this family has.
 *
 * @param numPositionEmbeddings entries of the learned square position table
 */
record Qwen3VlConfig(int numPositionEmbeddings) {
    Qwen3VlConfig {
        int side = (int) Math.round(Math.sqrt(numPositionEmbeddings));
        if (side < 1 || side * side != numPositionEmbeddings) {
            throw new IllegalArgumentException(
                    "vision_config: num_position_embeddings must be a square, not " + numPositionEmbeddings);
        }
    }

    int positionsPerSide() {
        return (int) Math.round(Math.sqrt(numPositionEmbeddings));
    }
}
