package org.videotg.method.curriculum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;

/**
 * What an answer can earn that knows the borders of the visible part and nothing of the video. The visible part is
 * taken as the model sees it: the longest run of visible grids, which is all of them for the outward order, and gives
 * the window away for the random one.
 */
class NoLeakTest {
    private static final int SAMPLES = 1200;
    private static final double[] RATIOS = {1, 0.9, 0.8, 0.6, 0.4, 0.2, 0};

    /** The best answers: the visible part itself, and the best fixed fraction of it. */
    private record Leak(double whole, double fraction) {}

    /** Visible part and annotation. */
    private record Case(Interval visible, Interval annotated) {}

    /** The small world: events of 2 to 12 seconds, 30 % of them 2 or 3. */
    private static double worldLength(Random random) {
        return random.nextDouble() < 0.3 ? 2 + random.nextInt(2) : 4 + random.nextInt(9);
    }

    private static Leak leak(TemporalGrids grids, ToDoubleFunction<Random> length, double ratio, MaskRule.Order order) {
        MaskCurriculum curriculum = new MaskCurriculum(new MaskRule(order, MaskMode.BLANK), 5);
        Random random = new Random(9);
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            double seconds = length.applyAsDouble(random);
            double start = random.nextDouble() * (grids.duration() - seconds);
            Interval annotated = new Interval(start, start + seconds);
            Sample sample = Sample.vtg("s" + i, "v", grids.duration(), "q", List.of(annotated));
            cases.add(new Case(longestRun(grids, curriculum.mask(sample, grids, true, 0, ratio)), annotated));
        }
        double best = 0;
        for (int from = 0; from < 20; from++) {
            for (int to = from + 1; to <= 20; to++) {
                best = Math.max(best, mean(cases, from / 20.0, to / 20.0));
            }
        }
        return new Leak(mean(cases, 0, 1), best);
    }

    private static Interval longestRun(TemporalGrids grids, GridMask mask) {
        int best = 0;
        int length = 0;
        for (int grid = 0, run = 0; grid < grids.size(); grid++) {
            run = mask.isMasked(grid) ? 0 : run + 1;
            if (run > length) {
                length = run;
                best = grid - run + 1;
            }
        }
        return new Interval(
                grids.grids().get(best).span().start(),
                grids.grids().get(best + length - 1).span().end());
    }

    private static double mean(List<Case> cases, double from, double to) {
        return cases.stream()
                        .mapToDouble(c -> Intervals.iou(
                                c.annotated(),
                                new Interval(
                                        c.visible().start() + from * c.visible().length(),
                                        c.visible().start() + to * c.visible().length())))
                        .sum()
                / cases.size();
    }

    private static void assertNoLeak(String name, TemporalGrids grids, ToDoubleFunction<Random> length) {
        for (MaskRule.Order order : MaskRule.Order.values()) {
            for (double ratio : RATIOS) {
                Leak leak = leak(grids, length, ratio, order);
                String where = name + ", " + order.id() + ", ratio " + ratio + ": " + leak;
                assertTrue(leak.whole() <= 0.40, where);
                assertTrue(leak.fraction() <= 0.50, where);
            }
        }
    }

    @Test
    void theBordersTellLittleInTheSmallWorld() {
        assertNoLeak("world", MaskRuleTest.grids(32, 32), NoLeakTest::worldLength);
    }

    @Test
    void norForShortEventsOrFewGridsOrLongVideos() {
        assertNoLeak("short", MaskRuleTest.grids(32, 31), random -> 2 + random.nextInt(2));
        assertNoLeak("one length", MaskRuleTest.grids(32, 31), random -> 2);
        assertNoLeak("2 to 16 of 32 grids", MaskRuleTest.grids(32, 31), random -> 31.0 / 32 * (2 + random.nextInt(15)));
        assertNoLeak("16 grids", MaskRuleTest.grids(16, 31), random -> 2 + 8 * random.nextDouble());
        assertNoLeak("below a grid", MaskRuleTest.grids(16, 31), random -> 0.5);
        assertNoLeak("one length, long video", MaskRuleTest.grids(64, 128), random -> 6);
    }

    @Test
    void anAnnotationOfMostOfTheVideoCannotBeHidden() {
        TemporalGrids grids = MaskRuleTest.grids(32, 31);
        Leak leak = leak(grids, random -> 31 * 0.6, 1, MaskRule.Order.OUTWARD);
        assertEquals(0.6, leak.whole(), 1e-9, "as VisibleWindow says: the window is the whole video");
        assertTrue(leak(grids, random -> 31 * 0.4, 1, MaskRule.Order.OUTWARD).whole() <= 0.4 + 1e-9);
    }
}
