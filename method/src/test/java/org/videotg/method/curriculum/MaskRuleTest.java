package org.videotg.method.curriculum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

class MaskRuleTest {
    private static final TemporalGrids GRIDS = grids(32, 32);

    static TemporalGrids grids(int count, double duration) {
        double each = duration / count;
        return new TemporalGrids(
                duration,
                IntStream.range(0, count)
                        .mapToObj(i -> new TemporalGrid(i, (i + 0.5) * each, new Interval(i * each, (i + 1) * each)))
                        .toList());
    }

    private static Interval window(double split, Interval... annotated) {
        return VisibleWindow.of(List.of(annotated), GRIDS, split).span();
    }

    @Test
    void theContextIsThreeLengthsOrFourGrids() {
        assertEquals(new Interval(11, 19), window(0.5, new Interval(14, 16)));
        assertEquals(new Interval(14, 22), window(0, new Interval(14, 16)));
        assertEquals(new Interval(13, 18), window(0.25, new Interval(14, 15)));
        assertEquals(new Interval(13, 17), window(0.25, new Interval(14, 14)), "zero length: four grids");
        assertEquals(window(0.5, new Interval(14, 16)), window(0.5, new Interval(16, 14)), "reversed");
    }

    @Test
    void contextThatDoesNotFitGoesToTheOtherSide() {
        assertEquals(new Interval(0, 12), window(0.9, new Interval(2, 5)));
        assertEquals(new Interval(20, 32), window(0.1, new Interval(28, 31)));
        assertEquals(new Interval(0, 32), window(0.25, new Interval(6, 14)), "exactly the video");
        assertEquals(new Interval(0, 32), window(0.3, new Interval(10, 25)), "longer than the video");
        assertEquals(new Interval(24, 32), window(0.5, new Interval(30, 40)), "the part inside the video counts");
        assertEquals(new Interval(28, 32), window(0.5, new Interval(50, 60)), "an annotation behind the video");
    }

    @Test
    void severalIntervalsShareTheWindowOfTheirHull() {
        assertEquals(window(0.25, new Interval(10, 16)), window(0.25, new Interval(14, 16), new Interval(10, 11)));
    }

    @Test
    void theShareIsRoundedToTheNearestHalvesUp() {
        VisibleWindow window = VisibleWindow.of(List.of(new Interval(0, 6)), GRIDS, 0);
        assertEquals(8, window.maskable(GRIDS).cardinality());
        int[] expected = {0, 1, 1, 2, 2, 3, 8};
        double[] ratios = {0.06, 0.0625, 0.18, 0.1875, 0.25, 0.4, 1};
        for (int i = 0; i < ratios.length; i++) {
            for (MaskRule.Order order : MaskRule.Order.values()) {
                assertEquals(
                        expected[i],
                        new MaskRule(order, MaskMode.DROP)
                                .mask(GRIDS, window, ratios[i], 1, 2, 3)
                                .count(),
                        order + " " + ratios[i]);
            }
        }
        assertTrue(MaskRule.DEFAULT.mask(GRIDS, window, 0, 1, 2, 3).isNone());
    }

    @Test
    void theWindowIsNeverMasked() {
        for (int step = 0; step < 200; step++) {
            Sample sample = Sample.vtg("s" + step, "v", 32, "q", List.of(new Interval(step % 29, step % 29 + 2.5)));
            for (MaskRule.Order order : MaskRule.Order.values()) {
                GridMask mask = new MaskCurriculum(new MaskRule(order, MaskMode.BLANK), 4)
                        .mask(sample, GRIDS, true, step, 1 - step / 200.0);
                GRIDS.touching(sample.intervals().get(0)).stream().forEach(grid -> assertFalse(mask.isMasked(grid)));
                assertTrue(mask.count() < 32);
            }
        }
    }

    @Test
    void outwardKeepsOnePieceWithTheSameSplit() {
        VisibleWindow window = VisibleWindow.of(List.of(new Interval(14, 16)), GRIDS, 0.25);
        assertEquals(new Interval(12.5, 20.5), window.span());
        int[] visible = MaskRule.DEFAULT.mask(GRIDS, window, 0.7, 0, 0, 0).visible(32);
        assertArrayEquals(
                IntStream.rangeClosed(11, 26).toArray(),
                visible,
                "a quarter of what returns lies before the annotation");
        for (double ratio = 0; ratio <= 1; ratio += 0.05) {
            int[] seen = MaskRule.DEFAULT.mask(GRIDS, window, ratio, 0, 0, 0).visible(32);
            assertEquals(seen.length - 1, seen[seen.length - 1] - seen[0], "one piece at " + ratio);
        }
    }

    @Test
    void randomOrderIsSeededAndAnotherAtEveryStep() {
        MaskRule plan = new MaskRule(MaskRule.Order.RANDOM, MaskMode.DROP);
        VisibleWindow window = VisibleWindow.of(List.of(new Interval(14, 16)), GRIDS, 0.25);
        GridMask mask = plan.mask(GRIDS, window, 0.5, 1, 2, 3);
        assertEquals(mask, plan.mask(GRIDS, window, 0.5, 1, 2, 3));
        assertNotEquals(mask, plan.mask(GRIDS, window, 0.5, 1, 2, 4));
        assertNotEquals(mask, plan.mask(GRIDS, window, 0.5, 1, 3, 3));
        assertNotEquals(mask, plan.mask(GRIDS, window, 0.5, 2, 2, 3));
    }

    @Test
    void easySamplesSeeTheWholeVideo() {
        MaskCurriculum curriculum = new MaskCurriculum(MaskRule.DEFAULT, 1);
        Sample sample = Sample.vtg("s", "v", 32, "q", List.of(new Interval(14, 16)));
        assertFalse(curriculum.mask(sample, GRIDS, true, 0, 1).isNone());
        assertTrue(curriculum.mask(sample, GRIDS, false, 0, 1).isNone());
        assertTrue(curriculum.mask(sample, GRIDS, true, 60, 0).isNone());
        assertTrue(curriculum
                .mask(sample.withIntervals(List.of()), GRIDS, true, 0, 1)
                .isNone());
    }
}
