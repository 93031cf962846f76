package org.videotg.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalsTest {
    private static final int SECONDS = 40;

    private static List<Interval> draw(Random random) {
        List<Interval> intervals = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            intervals.add(new Interval(random.nextInt(SECONDS), random.nextInt(SECONDS)));
        }
        return intervals;
    }

    /** The naive oracle: one bit per second; a reversed interval sets none. */
    private static BitSet seconds(List<Interval> intervals) {
        BitSet set = new BitSet();
        for (Interval interval : intervals) {
            for (int second = (int) interval.start(); second < interval.end(); second++) {
                set.set(second);
            }
        }
        return set;
    }

    @Test
    void theAlgebraAgreesWithSetsOfSeconds() {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            List<Interval> a = draw(random);
            List<Interval> b = draw(random);
            BitSet both = seconds(a);
            both.and(seconds(b));
            BitSet either = seconds(a);
            either.or(seconds(b));
            BitSet rest = seconds(a);
            rest.andNot(seconds(b));
            assertEquals(seconds(a), seconds(Intervals.merge(a)));
            assertEquals(seconds(a).cardinality(), Intervals.length(a), 1e-12);
            assertEquals(both, seconds(Intervals.intersect(a, b)));
            assertEquals(rest, seconds(Intervals.subtract(a, b)));
            assertEquals(
                    both.isEmpty() ? 0 : both.cardinality() / (double) either.cardinality(),
                    Intervals.iou(a, b),
                    1e-12);
        }
    }

    @Test
    void singleIouIsTheMultiIntervalIouOfOne() {
        Random random = new Random(4);
        for (int round = 0; round < 500; round++) {
            Interval a = new Interval(random.nextDouble(), random.nextDouble());
            Interval b = new Interval(random.nextDouble(), random.nextDouble());
            assertEquals(Intervals.iou(List.of(a), List.of(b)), Intervals.iou(a, b), 1e-12);
        }
    }

    @Test
    void touchingIntervalsBecomeOneAndEmptyOnesVanish() {
        assertEquals(
                List.of(new Interval(1, 3)),
                Intervals.merge(List.of(new Interval(2, 3), new Interval(1, 2), new Interval(5, 5))));
        assertEquals(0, new Interval(5, 2).length());
        assertThrows(IllegalArgumentException.class, () -> new Interval(0, Double.NaN));
    }
}
