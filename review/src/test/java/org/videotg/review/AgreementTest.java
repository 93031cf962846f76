package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.reflection.ReviewDecision.Choice;

class AgreementTest {
    /** The table of Wikipedia's article on Cohen's kappa: 20, 5, 10, 15. */
    @Test
    void kappaOfAPublishedTable() {
        assertEquals(0.4, Agreement.kappa(new int[][] {{20, 5}, {10, 15}}).orElseThrow(), 1e-12);
        assertEquals(OptionalDouble.empty(), Agreement.kappa(new int[][] {{7, 0}, {0, 0}}), "chance explains all");
        assertEquals(OptionalDouble.empty(), Agreement.kappa(new int[][] {{0, 0}, {0, 0}}));
    }

    @Test
    void eachTwoReviewersAreCompared() {
        List<ReviewDecision> rows = new ArrayList<>();
        rows.add(decision("1", Choice.KEEP, "a"));
        rows.add(decision("2", Choice.DISCARD, "a"));
        rows.add(new ReviewDecision("3", Choice.REPAIR, List.of(new Interval(0, 4)), "a", null, null));
        rows.add(decision("1", Choice.KEEP, "b"));
        rows.add(decision("2", Choice.KEEP, "b"));
        rows.add(new ReviewDecision("3", Choice.REPAIR, List.of(new Interval(2, 4)), "b", null, null));
        rows.add(decision("9", Choice.KEEP, "c"));
        List<Agreement> all = Agreement.of(Decisions.of(rows));
        // Equal by chance: keep 1/3 * 2/3, repair 1/3 * 1/3.
        double chance = 2 / 9.0 + 1 / 9.0;
        assertEquals(
                List.of(new Agreement(
                        "a",
                        "b",
                        3,
                        2,
                        OptionalDouble.of((2 / 3.0 - chance) / (1 - chance)),
                        1,
                        OptionalDouble.of(0.5))),
                all);
    }

    private static ReviewDecision decision(String id, Choice choice, String reviewer) {
        return new ReviewDecision(id, choice, null, reviewer, null, null);
    }
}
