package org.videotg.models.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.Json;
import org.videotg.models.Golden;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.checkpoint.WeightFiles;
import org.videotg.models.config.QwenVlConfig;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/** Rotary and learned position tables against the reference, and the order in which windows are held. */
class VisionTablesTest {
    @ParameterizedTest
    @CsvSource({"qwen25vl/a", "qwen25vl/b", "qwen3vl/a", "qwen3vl/b"})
    void tablesAgreeWithTheReference(String checkpoint) {
        NativeRuntime.load();
        Path folder = Golden.ROOT.resolve(checkpoint);
        VisionConfig config =
                QwenVlConfig.read(folder.resolve("checkpoint/config.json")).vision();
        JsonNode described = Json.read(folder.resolve("cases.json"));
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                SafetensorsFile cases = SafetensorsFile.open(folder.resolve("cases.safetensors"));
                Parameters parameters = WeightFiles.load(folder.resolve("checkpoint"), torch.ScalarType.Float)) {
            long start = 0;
            for (JsonNode video : described.path("cases").path("case2").path("videos")) {
                JsonNode thw = described.path("videos").path(video.asText());
                int height = thw.get(1).asInt();
                int width = thw.get(2).asInt();
                int merge = config.spatialMergeSize();
                GridLayout layout = GridLayout.of(config, height / merge, width / merge);
                VisionRope rope = VisionRope.of(config, layout);
                // The reference's table is in merge-block order, ours in that of the layout.
                Tensor order = Tensors.ids(layout.patches(merge * merge));
                long patches = (long) height * width;
                assertClose(
                        cases.tensor("case2.vision.rope.cos")
                                .narrow(0, start, patches)
                                .index_select(0, order),
                        rope.cos());
                assertClose(
                        cases.tensor("case2.vision.rope.sin")
                                .narrow(0, start, patches)
                                .index_select(0, order),
                        rope.sin());
                if (config.design() instanceof VisionDesign.DeepStack design) {
                    LearnedPositions learned =
                            LearnedPositions.of(config, design, parameters, "model.visual.pos_embed");
                    assertClose(
                            cases.tensor("case2.vision.pos_embeds").narrow(0, start, patches),
                            learned.of(height, width, merge));
                }
                start += thw.get(0).asInt() * patches;
            }
        }
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        double off = actual.reshape(Parameters.shapeOf(expected))
                .sub(expected)
                .abs()
                .max()
                .item_double();
        assertTrue(off <= 2e-6, "off by " + off);
    }

    private static GridLayout windows(int rows, int columns, int side) {
        VisionDesign design = new VisionDesign.Windowed(28 * side, List.of(0), 2);
        return GridLayout.of(new VisionConfig(1, 16, 4, 2, 3, 14, 2, 2, 8, design), rows, columns);
    }

    /** Two units see each other iff they lie in the same cell of a raster of windows that begins at the upper left. */
    @ParameterizedTest
    @CsvSource({"8, 8, 4", "5, 7, 4", "3, 2, 4", "9, 4, 4", "1, 13, 3", "7, 7, 1"})
    void windowsAreTheCellsOfARaster(int rows, int columns, int side) {
        GridLayout layout = windows(rows, columns, side);
        assertArrayEquals(
                IntStream.range(0, rows * columns).toArray(),
                Arrays.stream(layout.order()).sorted().toArray());
        Map<Integer, Integer> cellOfWindow = new HashMap<>();
        int place = 0;
        int window = 0;
        for (GridLayout.Run run : layout.windows()) {
            for (int i = 0; i < run.count(); i++, window++) {
                for (int unit = 0; unit < run.units(); unit++) {
                    int index = layout.order()[place++];
                    int cell = index / columns / side * columns + index % columns / side;
                    assertEquals(cell, cellOfWindow.computeIfAbsent(window, key -> cell));
                }
            }
        }
        assertEquals(rows * columns, place);
        int cells = ((rows + side - 1) / side) * ((columns + side - 1) / side);
        assertEquals(cells, cellOfWindow.values().stream().distinct().count());
        assertEquals(window, cellOfWindow.size());
    }

    @Test
    void placesUndoTheOrder() {
        GridLayout layout = windows(5, 7, 4);
        int[] places = layout.places();
        for (int i = 0; i < places.length; i++) {
            assertEquals(i, layout.order()[places[i]]);
        }
        assertEquals(
                List.of(4 * 4, 4 * 3, 4, 3),
                layout.windows().stream().map(GridLayout.Run::units).toList());
    }
}
