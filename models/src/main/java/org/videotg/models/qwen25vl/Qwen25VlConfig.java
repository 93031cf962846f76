package org.videotg.models.qwen25vl;

import java.util.List;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VisionConfig;

/**
 * The fields of {@code vision_config} that only this family has.
 *
 * @param windowUnits merged units of a window's side
 * @param fullAttentionBlocks blocks whose attention spans a whole temporal grid
 * @param tokensPerSecond temporal positions of one second
 */
record Qwen25VlConfig(int windowUnits, List<Integer> fullAttentionBlocks, int tokensPerSecond) {
    Qwen25VlConfig {
        fullAttentionBlocks = List.copyOf(fullAttentionBlocks);
        JsonFields.requirePositive("vision_config", "tokens_per_second", tokensPerSecond);
    }

    static Qwen25VlConfig read(JsonFields section, VisionConfig vision) {
        int window = section.integer("window_size", 112);
        int unit = vision.spatialMergeSize() * vision.patchSize();
        if (window < unit) {
            throw new IllegalArgumentException(
                    "vision_config: window_size (" + window + ") is less than one merged unit of " + unit + " pixels");
        }
        Qwen25VlConfig config = new Qwen25VlConfig(
                window / unit,
                section.integers("fullatt_block_indexes", List.of(7, 15, 23, 31)),
                section.integer("tokens_per_second", 4));
        JsonFields.requireBlocks("fullatt_block_indexes", config.fullAttentionBlocks, vision.depth());
        return config;
    }
}
