package org.videotg.core.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Interval;

class TemporalGridsTest {
    @Test
    void spansTileTheVideoAndAnOddFrameIsRepeated() {
        TemporalGrids grids = TemporalGrids.ofFrameTimes(new double[] {0, 0.5, 1, 1.5, 2}, 2.5);
        assertEquals(
                List.of(
                        new TemporalGrid(0, 0.25, new Interval(0, 1)),
                        new TemporalGrid(1, 1.25, new Interval(1, 2)),
                        new TemporalGrid(2, 2, new Interval(2, 2.5))),
                grids.grids());
        assertEquals("{1}", grids.touching(new Interval(1, 2)).toString(), "sharing a point is no touch");
        assertEquals("{}", grids.touching(new Interval(1, 1)).toString());
        assertEquals("{}", grids.touching(new Interval(3, 9)).toString());
    }

    @Test
    void masksAreValues() {
        BitSet set = new BitSet();
        assertTrue(GridMask.of(set, MaskMode.DROP).isNone());
        set.set(1);
        GridMask mask = GridMask.of(set, MaskMode.DROP);
        set.set(2);
        assertArrayEquals(new int[] {0, 2, 3}, mask.visible(4), "the mask keeps its own copy");
        assertNotEquals(mask, GridMask.of(set, MaskMode.DROP));
        set.clear(2);
        assertEquals(mask, GridMask.of(set, MaskMode.DROP));
        assertNotEquals(mask, GridMask.of(set, MaskMode.BLANK));
    }
}
