package org.videotg.smallworld.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;

class MaskedViewTest {
    private static final TemporalGrids GRIDS = TemporalGrids.ofFrameTimes(halfSeconds(32), 16);

    private static double[] halfSeconds(int frames) {
        double[] times = new double[frames];
        Arrays.setAll(times, i -> i / 2.0);
        return times;
    }

    @Test
    void visibleTruthIsTheTruthOfTheVisibleGrids() {
        List<Interval> truth = List.of(new Interval(2, 6), new Interval(9, 12));
        BitSet holds = MaskedView.grids(GRIDS, truth);
        assertEquals(7, holds.cardinality());
        int complete = 0;
        int hidden = 0;
        int drops = 0;
        for (int i = 0; i < 2000; i++) {
            Random random = Draw.generator(5, "test", i);
            MaskedView view = MaskedView.draw(GRIDS, truth, random);
            BitSet expected = (BitSet) holds.clone();
            for (int grid = 0; grid < GRIDS.size(); grid++) {
                if (view.mask().isMasked(grid)) {
                    expected.clear(grid);
                }
            }
            assertEquals(expected, MaskedView.grids(GRIDS, view.visible()), view.toString());
            assertEquals(expected.equals(holds), view.complete());
            assertTrue(view.mask().visible(GRIDS.size()).length > 0);
            complete += view.complete() ? 1 : 0;
            hidden += view.visible().isEmpty() ? 1 : 0;
            drops += view.mask().mode() == MaskMode.DROP ? 1 : 0;
        }
        assertTrue(complete > 500 && complete < 1500, complete + " complete");
        assertTrue(drops > 500 && drops < 1500, drops + " dropped");
        assertEquals(0, hidden, "one occurrence is hidden, the other stays");
    }

    @Test
    void aWhollyHiddenEventLeavesNothing() {
        List<Interval> truth = List.of(new Interval(4, 7));
        int none = 0;
        for (int i = 0; i < 500; i++) {
            none += MaskedView.draw(GRIDS, truth, Draw.generator(6, "test", i))
                            .visible()
                            .isEmpty()
                    ? 1
                    : 0;
        }
        assertTrue(none > 100, none + " of 500 views show nothing");
    }
}
