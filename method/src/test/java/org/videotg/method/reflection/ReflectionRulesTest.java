package org.videotg.method.reflection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;

class ReflectionRulesTest {
    private static final ReflectionSettings SETTINGS = ReflectionSettings.defaults();

    private static Interval span(double start, double end) {
        return new Interval(start, end);
    }

    private static TemporalGrids grids(int count) {
        return new TemporalGrids(
                count,
                IntStream.range(0, count)
                        .mapToObj(i -> new TemporalGrid(i, i + 0.5, span(i, i + 1)))
                        .toList());
    }

    @Test
    void theToleranceIsTheLargerOfBoth() {
        assertEquals(0.5, ReflectionRules.delta(List.of(span(0, 10)), SETTINGS), "exactly where both are the same");
        assertEquals(0.5, ReflectionRules.delta(List.of(span(0, 3)), SETTINGS));
        assertEquals(2, ReflectionRules.delta(List.of(span(0, 20), span(30, 50)), SETTINGS), 1e-12);
        assertEquals(
                List.of(span(3.5, 6.5), span(8.5, 11.5)),
                ReflectionRules.dilated(List.of(span(9, 11), span(4, 6)), SETTINGS));
        assertEquals(List.of(span(3.5, 11.5)), ReflectionRules.dilated(List.of(span(4, 7), span(8, 11)), SETTINGS));
    }

    @Test
    void emptyAndReversedAnnotationsAreStillHidden() {
        assertEquals(List.of(span(4.5, 5.5)), ReflectionRules.dilated(List.of(span(5, 5)), SETTINGS));
        assertEquals(List.of(span(4.5, 8.5)), ReflectionRules.dilated(List.of(span(8, 5)), SETTINGS));
        assertEquals(List.of(), ReflectionRules.dilated(List.of(), SETTINGS));
        assertTrue(ReflectionRules.mask(grids(8), List.of(), SETTINGS).isNone());
    }

    @Test
    void theMaskTakesEveryGridThatIsTouched() {
        GridMask mask = ReflectionRules.mask(grids(10), List.of(span(3, 5)), SETTINGS);
        assertArrayEquals(new int[] {0, 1, 6, 7, 8, 9}, mask.visible(10));
        assertEquals(MaskMode.DROP, mask.mode());
        assertArrayEquals(
                new int[] {0, 1, 2, 5, 6, 7, 8, 9},
                ReflectionRules.mask(grids(10), List.of(span(3.5, 4.5)), SETTINGS)
                        .visible(10),
                "sharing a point is no touch");
        assertEquals(
                10,
                ReflectionRules.mask(grids(10), List.of(span(0.4, 9.6)), SETTINGS)
                        .count());
    }

    @Test
    void votesNeedMoreThanTheThreshold() {
        List<List<Interval>> replies =
                List.of(List.of(span(0, 4)), List.of(span(2, 6)), List.of(span(3, 5), span(4.5, 9)), List.of());
        assertEquals(List.of(span(3, 4)), ReflectionRules.vote(replies, 0.5, 100), "two of four are no majority");
        assertEquals(List.of(span(2, 6)), ReflectionRules.vote(replies, 0.49, 100));
        assertEquals(List.of(span(0, 9)), ReflectionRules.vote(replies, 0, 100));
        assertEquals(List.of(), ReflectionRules.vote(List.of(List.of()), 0.5, 100));
    }

    @Test
    void votedSpansStayInTheVideoAndReversedOnesCountNothing() {
        assertEquals(
                List.of(span(8, 10)),
                ReflectionRules.vote(List.of(List.of(span(8, 30), span(5, 2), span(40, 50))), 0.5, 10));
        assertEquals(
                List.of(span(1, 3)),
                ReflectionRules.vote(List.of(List.of(span(1, 2), span(1.5, 3))), 0.5, 10),
                "one reply has one vote for a moment, however often it names it");
    }

    @Test
    void aProbesSpansAreNeighboursInTheWholeVideo() {
        int[] visible = {0, 1, 2, 6, 7, 9};
        double[] yes = {0.9, 0.5, 0.6, 0.8, 0.7, 0.9};
        assertEquals(
                List.of(span(0, 1), span(2, 3), span(6, 8), span(9, 10)),
                ReflectionRules.probed(grids(10), visible, yes, SETTINGS),
                "0.5 is not above 0.5; grids 2 and 6 are no neighbours");
        assertEquals(List.of(span(6, 8)), ReflectionRules.probed(grids(10), visible, yes, SETTINGS.withProbe(0.5, 2)));
        assertEquals(List.of(), ReflectionRules.probed(grids(10), visible, yes, SETTINGS.withProbe(0.9, 1)));
        assertEquals(List.of(), ReflectionRules.probed(grids(10), new int[0], new double[0], SETTINGS));
        assertThrows(
                IllegalArgumentException.class,
                () -> ReflectionRules.probed(grids(10), visible, new double[2], SETTINGS));
    }

    @Test
    void shortPiecesAreDroppedAfterTheAnnotationIsTakenOff() {
        List<Interval> annotated = List.of(span(10, 14));
        assertEquals(
                List.of(span(14.5, 15)),
                ReflectionRules.reflected(List.of(span(11, 15)), annotated, SETTINGS),
                "exactly minSpan");
        assertEquals(List.of(), ReflectionRules.reflected(List.of(span(11, 14.99)), annotated, SETTINGS));
        assertEquals(
                List.of(span(5, 9.5), span(14.5, 20)),
                ReflectionRules.reflected(List.of(span(5, 20)), annotated, SETTINGS));
        assertEquals(List.of(), ReflectionRules.reflected(List.of(), annotated, SETTINGS));
    }

    @Test
    void partialOnEitherThreshold() {
        List<Interval> longer = List.of(span(0, 20));
        assertTrue(ReflectionRules.partial(List.of(span(30, 31)), longer, SETTINGS), "exactly one second");
        assertFalse(ReflectionRules.partial(List.of(span(30, 30.99)), longer, SETTINGS));
        assertTrue(
                ReflectionRules.partial(List.of(span(30, 30.5)), List.of(span(0, 2)), SETTINGS), "exactly a quarter");
        assertFalse(ReflectionRules.partial(List.of(span(30, 30.5)), List.of(span(0, 2.01)), SETTINGS));
        assertTrue(ReflectionRules.partial(List.of(span(30, 30.5), span(40, 40.5)), longer, SETTINGS), "pieces add up");
        assertFalse(
                ReflectionRules.partial(List.of(), List.of(span(5, 5)), SETTINGS), "nothing found is never partial");
        assertTrue(ReflectionRules.partial(List.of(span(30, 30.5)), List.of(span(5, 5)), SETTINGS));
    }
}
