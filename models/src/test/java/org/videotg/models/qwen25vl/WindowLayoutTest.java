package org.videotg.models.qwen25vl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.models.Golden;
import org.videotg.models.nn.VisionBlock;
import org.videotg.models.tensor.Tensors;

/** The order in which windows are held, and rotary tables in that order against the reference. */
class WindowLayoutTest {
    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl/a", "qwen25vl/b"})
    void rotaryTablesAgreeWithTheReference(String checkpoint) {
        Golden.forEachGrid(checkpoint, grid -> {
            int merge = grid.config().vision().spatialMergeSize();
            WindowLayout layout = WindowLayout.of(
                    grid.height() / merge,
                    grid.width() / merge,
                    grid.config().settings(Qwen25VlConfig.class).windowUnits());
            // The reference's table is in merge-block order, ours in that of the layout.
            grid.checkRope(layout.order(), Tensors.ids(layout.patches(merge * merge)));
        });
    }

    /** Two units see each other iff they lie in the same cell of a raster of windows that begins at the upper left. */
    @ParameterizedTest
    @CsvSource({"8, 8, 4", "5, 7, 4", "3, 2, 4", "9, 4, 4", "1, 13, 3", "7, 7, 1"})
    void windowsAreTheCellsOfARaster(int rows, int columns, int side) {
        WindowLayout layout = WindowLayout.of(rows, columns, side);
        assertArrayEquals(
                IntStream.range(0, rows * columns).toArray(),
                Arrays.stream(layout.order()).sorted().toArray());
        Map<Integer, Integer> cellOfWindow = new HashMap<>();
        int place = 0;
        int window = 0;
        for (VisionBlock.Windows run : layout.windows()) {
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
        WindowLayout layout = WindowLayout.of(5, 7, 4);
        int[] places = layout.places();
        for (int i = 0; i < places.length; i++) {
            assertEquals(i, layout.order()[places[i]]);
        }
        assertEquals(
                List.of(4 * 4, 4 * 3, 4, 3),
                layout.windows().stream().map(VisionBlock.Windows::units).toList());
    }
}
