package org.videotg.models.qwen3vl;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.models.Golden;
import org.videotg.models.tensor.Tensors;

/** Rotary and learned position tables against the reference. */
class LearnedPositionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"qwen3vl/a", "qwen3vl/b"})
    void tablesAgreeWithTheReference(String checkpoint) {
        Golden.forEachGrid(checkpoint, grid -> {
            int merge = grid.config().vision().spatialMergeSize();
            int units = grid.height() * grid.width() / (merge * merge);
            grid.checkRope(
                    IntStream.range(0, units).toArray(),
                    Tensors.ids(IntStream.range(0, grid.height() * grid.width()).toArray()));
            LearnedPositions learned = LearnedPositions.of(
                    grid.config().vision(),
                    grid.config().settings(Qwen3VlConfig.class),
                    grid.parameters(),
                    "model.visual.pos_embed");
            grid.checkTable("pos_embeds", learned.of(grid.height(), grid.width(), merge));
        });
    }
}
