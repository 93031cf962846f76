package org.videotg.method.curriculum;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.run.Draw;

/** Which of the maskable grids are masked at a given ratio, and how they are hidden. Defined by this project. */
public record MaskRule(
        @Setting(
                value =
                        "which grids are masked first: those farthest from the annotation, or in a random order for each"
                                + " sample and step",
                defaultValue = "outward")
        Order order,

        @Setting(
                value = "how a masked grid is hidden: black frames in its place, or left out with its time",
                defaultValue = "blank")
        MaskMode mode) {
    /** The order in which grids are masked. */
    public enum Order {
        /**
         * Those farthest from the annotation first, so that the visible part stays one piece. The distance (from the
         * grid's middle, in seconds) is divided by the side's share of the window's context: {@code split} before the
         * annotation, {@code 1 - split} behind it. At every ratio the visible part is therefore a wider window with the
         * same split. With plain distances it would become symmetric around the annotation as soon as a few grids
         * return, and its middle would give the annotation away (events of 6 s in videos of 128 s: a fixed fraction of
         * it then earns a mean IoU of .58).
         */
        OUTWARD,
        /** A seeded order, drawn anew for every sample and step. */
        RANDOM;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final MaskRule DEFAULT = Settings.defaults(MaskRule.class);

    public MaskRule {
        Settings.check(MaskRule.class, order, mode);
    }

    /**
     * The mask that hides the share {@code ratio} of the maskable grids; the count is rounded to the nearest whole
     * number, halves up.
     *
     * @param seed of the random order, together with {@code sampleKey} and {@code step}
     */
    public GridMask mask(
            TemporalGrids grids, VisibleWindow window, double ratio, long seed, long sampleKey, long step) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("the mask ratio must be in [0, 1], not " + ratio);
        }
        BitSet maskable = window.maskable(grids);
        List<TemporalGrid> first = grids.grids().stream()
                .filter(grid -> maskable.get(grid.index()))
                .sorted(
                        switch (order) {
                            case OUTWARD -> farthest(window);
                            case RANDOM ->
                                Comparator.comparingLong(
                                        grid -> Draw.bits(seed, "mask-order", sampleKey, step, grid.index()));
                        })
                .toList();
        BitSet masked = new BitSet(grids.size());
        first.stream().limit(Math.round(ratio * first.size())).forEach(grid -> masked.set(grid.index()));
        return GridMask.of(masked, mode);
    }

    private static Comparator<TemporalGrid> farthest(VisibleWindow window) {
        ToDoubleFunction<TemporalGrid> distance = grid -> {
            double middle = (grid.span().start() + grid.span().end()) / 2;
            return middle < window.hull().start()
                    ? (window.hull().start() - middle) / window.split()
                    : (middle - window.hull().end()) / (1 - window.split());
        };
        return Comparator.comparingDouble(distance).reversed().thenComparingInt(TemporalGrid::index);
    }
}
