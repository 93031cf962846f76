package org.videotg.core.mllm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Interval;

class RankedMomentTest {
    private static List<Interval> reply(double start, double end) {
        return List.of(new Interval(start, end));
    }

    @Test
    void momentsAreRankedByTheRepliesThatNameThem() {
        List<List<Interval>> replies = List.of(
                reply(20, 24),
                reply(10, 14),
                reply(10, 15),
                List.of(),
                reply(11, 14),
                reply(20, 25),
                reply(3, 3),
                reply(0, 1));
        assertEquals(
                List.of(
                        new RankedMoment(new Interval(10, 14), 3 / 8.0),
                        new RankedMoment(new Interval(20, 24.5), 2 / 8.0),
                        new RankedMoment(new Interval(0, 1), 1 / 8.0)),
                RankedMoment.of(replies, 5));
        assertEquals(1, RankedMoment.of(replies, 1).size());
        assertEquals(List.of(), RankedMoment.of(List.of(List.of(), List.of()), 3));
    }

    @Test
    void aReplyWithSeveralIntervalsNamesEachMomentOnce() {
        List<List<Interval>> replies =
                List.of(List.of(new Interval(0, 4), new Interval(0.2, 4), new Interval(10, 12)), reply(0, 4));
        assertEquals(1, RankedMoment.of(replies, 3).get(0).confidence());
        assertEquals(2, RankedMoment.of(replies, 3).size(), "the near repetition is no moment of its own");
    }
}
