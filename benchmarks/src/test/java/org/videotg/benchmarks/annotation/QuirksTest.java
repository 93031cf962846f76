package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

class QuirksTest {
    private static final Annotation PLAIN = row("plain", new Interval(1, 2));
    private static final List<Annotation> ROWS = List.of(
            PLAIN,
            row("reversed", new Interval(9, 3)),
            row("zero", new Interval(3, 3)),
            row("zero of two", new Interval(3, 3), new Interval(4, 6)),
            row("beyond", new Interval(5, 10.5)),
            row("rounding", new Interval(5, 10.000000000000002)),
            row("edge", new Interval(0, 10)),
            row("negative", new Interval(-0.5, 4)),
            row("all", new Interval(12, -1)),
            question("blank", null, "x", "y"),
            question("ambiguous", "B", "x", "y", "y"),
            question("right", "A", "x", "y", "y"),
            row("withheld").withFields(Map.of(Sample.ANNOTATED, BooleanNode.FALSE)),
            Annotation.of("again", PLAIN.video(), "plain")
                    .withDuration(PLAIN.duration())
                    .withIntervals(PLAIN.intervals()),
            row("never happens"));

    @Test
    void everyRowIsCountedOnceForEachOfItsQuirks() {
        assertEquals(
                Map.of(
                        Quirk.REVERSED, List.of("reversed", "all"),
                        Quirk.NEGATIVE, List.of("negative", "all"),
                        Quirk.BEYOND, List.of("beyond", "all"),
                        Quirk.ZERO_LENGTH, List.of("zero", "zero of two"),
                        Quirk.DUPLICATE, List.of("again"),
                        Quirk.BLANK_ANSWER, List.of("blank"),
                        Quirk.AMBIGUOUS_ANSWER, List.of("ambiguous"),
                        Quirk.NOT_ANNOTATED, List.of("withheld")),
                Quirks.of(ROWS).rows());
    }

    @Test
    void withoutADurationNothingIsBeyondIt() {
        Annotation row = Annotation.of("a", "v", "q").withIntervals(List.of(new Interval(5, 1e9)));
        assertEquals(Map.of(), Quirks.of(List.of(row)).rows());
    }

    @Test
    void aFixChangesWhatItSaysAndNothingElse() {
        assertEquals(
                new Interval(3, 9),
                fixed(Quirk.REVERSED, "reversed").intervals().get(0));
        assertEquals(
                new Interval(0, 4),
                fixed(Quirk.NEGATIVE, "negative").intervals().get(0));
        assertEquals(
                new Interval(5, 10), fixed(Quirk.BEYOND, "beyond").intervals().get(0));
        assertEquals(
                List.of(new Interval(4, 6)),
                fixed(Quirk.ZERO_LENGTH, "zero of two").intervals());
        for (Quirk quirk : Quirk.values()) {
            Quirks.Repaired fixes = Quirks.repair(ROWS, Set.of(quirk));
            assertEquals(
                    Quirks.of(ROWS).rows().get(quirk), fixes.changed().rows().get(quirk));
            assertEquals(Set.of(quirk), fixes.changed().rows().keySet());
            ROWS.stream()
                    .filter(row -> !fixes.changed().rows().get(quirk).contains(row.id()))
                    .forEach(row -> assertSame(row, named(row.id(), fixes)));
        }
    }

    @Test
    void allFixesTogetherLeaveNoQuirk() {
        Quirks.Repaired fixes = Quirks.repair(ROWS, EnumSet.allOf(Quirk.class));
        assertEquals(Map.of(), Quirks.of(fixes.annotations()).rows());
        assertEquals(
                List.of(
                        "plain",
                        "reversed",
                        "zero of two",
                        "beyond",
                        "rounding",
                        "edge",
                        "negative",
                        "all",
                        "right",
                        "never happens"),
                fixes.annotations().stream().map(Annotation::id).toList());
        assertEquals(List.of(new Interval(0, 10)), fixes.annotations().get(7).intervals());
        assertEquals(new Quirks.Repaired(ROWS, new Quirks(Map.of())), Quirks.repair(ROWS, Set.of()));
    }

    private static Annotation fixed(Quirk quirk, String id) {
        return named(id, Quirks.repair(ROWS, Set.of(quirk)));
    }

    private static Annotation named(String id, Quirks.Repaired fixes) {
        return fixes.annotations().stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Annotation row(String id, Interval... intervals) {
        return Annotation.of(id, "v", id).withDuration(OptionalDouble.of(10)).withIntervals(List.of(intervals));
    }

    private static Annotation question(String id, String answer, String... options) {
        return row(id, new Interval(1, 2)).withAnswer(List.of(options), answer);
    }
}
