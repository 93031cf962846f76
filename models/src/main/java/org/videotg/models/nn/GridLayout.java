package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;

/**
 * In which order a tower holds the merged units of one temporal grid, and which of them form windows. With windows,
 * those of equal size stand next to each other, so that attention over them is one batched call; units at the border of
 * the picture form smaller windows.
 *
 * @param rows merged units of the grid's height
 * @param columns merged units of the grid's width
 * @param order index, row by row, of the unit at each place
 * @param windows runs of windows, in that order; empty if all attention spans the whole grid
 */
record GridLayout(int rows, int columns, int[] order, List<Run> windows) {
    /**
     * Windows of equal size that follow each other.
     *
     * @param count windows
     * @param units merged units of each
     */
    record Run(int count, int units) {}

    /** The layout a tower of this design gives to a grid. */
    static GridLayout of(VisionConfig config, int rows, int columns) {
        return config.design() instanceof VisionDesign.Windowed windowed
                ? windowed(rows, columns, windowed.windowUnits(config))
                : plain(rows, columns);
    }

    private static GridLayout plain(int rows, int columns) {
        int[] order = new int[rows * columns];
        Arrays.setAll(order, i -> i);
        return new GridLayout(rows, columns, order, List.of());
    }

    private static GridLayout windowed(int rows, int columns, int side) {
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
        List<Run> runs = new ArrayList<>();
        bySize.forEach((size, windows) -> runs.add(new Run(windows.size(), size)));
        return new GridLayout(rows, columns, order, List.copyOf(runs));
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
    List<Run> whole() {
        return List.of(new Run(1, order.length));
    }

    boolean isReordered() {
        return !windows.isEmpty();
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
