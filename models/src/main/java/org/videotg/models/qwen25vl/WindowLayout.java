package org.videotg.models.qwen25vl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.models.nn.VisionBlock;

/**
 * The order in which the tower holds the merged units of one temporal grid. Windows of equal size stand next to each
 * other, so that attention over them is one batched call; units at the border of the picture form smaller windows.
 *
 * @param rows merged units of the grid's height
 * @param columns merged units of the grid's width
 * @param order index, row by row, of the unit at each place
 * @param windows in that order
 */
record WindowLayout(int rows, int columns, int[] order, List<VisionBlock.Windows> windows) {
    /**
     * Returns the layout of a grid.
     *
     * @param side merged units of a window's side
     */
    static WindowLayout of(int rows, int columns, int side) {
        Map<Integer, List<int[]>> bySize = new LinkedHashMap<>();
        for (int top = 0; top < rows; top += side) {
            for (int left = 0; left < columns; left += side) {
                int[] window = window(top, Math.min(top + side, rows), left, Math.min(left + side, columns), columns);
                bySize.computeIfAbsent(window.length, size -> new ArrayList<>()).add(window);
            }
        }
        int[] order = bySize.values().stream()
                .flatMap(List::stream)
                .flatMapToInt(Arrays::stream)
                .toArray();
        List<VisionBlock.Windows> runs = new ArrayList<>();
        bySize.forEach((size, windows) -> runs.add(new VisionBlock.Windows(windows.size(), size)));
        return new WindowLayout(rows, columns, order, List.copyOf(runs));
    }

    private static int[] window(int top, int bottom, int left, int right, int columns) {
        int[] units = new int[(bottom - top) * (right - left)];
        int at = 0;
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                units[at++] = row * columns + column;
            }
        }
        return units;
    }

    /** The whole grid as one window. */
    List<VisionBlock.Windows> whole() {
        return List.of(new VisionBlock.Windows(1, order.length));
    }

    /** Place of each unit, by its index row by row. */
    int[] places() {
        int[] places = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            places[order[i]] = i;
        }
        return places;
    }

    /** Indices into the patches of a grid in merge-block order that bring them into this order. */
    int[] patches(int patchesPerUnit) {
        int[] patches = new int[order.length * patchesPerUnit];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = order[i / patchesPerUnit] * patchesPerUnit + i % patchesPerUnit;
        }
        return patches;
    }
}
