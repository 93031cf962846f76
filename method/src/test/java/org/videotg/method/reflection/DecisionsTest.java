package org.videotg.method.reflection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.ReviewDecision.Choice;

class DecisionsTest {
    private static ReviewDecision by(String reviewer, Choice choice) {
        return new ReviewDecision("s", choice, null, reviewer, null, null);
    }

    private static ReviewDecision repair(String reviewer, double start, double end) {
        return new ReviewDecision("s", Choice.REPAIR, List.of(new Interval(start, end)), reviewer, null, null);
    }

    private static Optional<Choice> agreed(ReviewDecision... rows) {
        return Decisions.of(List.of(rows)).agreed("s").map(ReviewDecision::choice);
    }

    @Test
    void theLastRowOfAReviewerCountsAndMostReviewersWin() {
        assertEquals(Optional.of(Choice.DISCARD), agreed(by("a", Choice.KEEP), by("a", Choice.DISCARD)));
        assertEquals(Optional.empty(), agreed(by("a", Choice.KEEP), by("b", Choice.DISCARD)), "a tie");
        assertEquals(
                Optional.of(Choice.KEEP), agreed(by("a", Choice.KEEP), by("b", Choice.DISCARD), by("c", Choice.KEEP)));
        assertEquals(Optional.of(Choice.KEEP), agreed(by("a", Choice.KEEP), by("b", Choice.UNSURE)), "no vote");
        assertEquals(Optional.empty(), agreed(by("a", Choice.UNSURE)));
        assertEquals(Optional.empty(), agreed(by("a", Choice.KEEP), by("a", Choice.WITHDRAWN)));
        assertEquals(
                Set.of(),
                Decisions.of(List.of(by("a", Choice.KEEP), by("a", Choice.WITHDRAWN)))
                        .ids());
    }

    @Test
    void repairsMeetInTheMomentsThatMoreThanHalfName() {
        Decisions three = Decisions.of(List.of(repair("a", 1, 5), repair("b", 2, 6), repair("c", 4, 9)));
        assertEquals(
                List.of(new Interval(2, 6)), three.agreed("s").orElseThrow().intervals());
        assertEquals(Optional.empty(), agreed(repair("a", 1, 2), repair("b", 3, 4)), "no moment in common");
        Decisions one = Decisions.of(List.of(by("a", Choice.REPAIR), repair("b", 2, 6)));
        assertEquals(List.of(new Interval(2, 6)), one.agreed("s").orElseThrow().intervals(), "set by hand");
    }

    @Test
    void rowsReadBack(@TempDir Path folder) {
        Path file = folder.resolve("decisions.jsonl");
        assertThrows(InputException.class, () -> Decisions.read(file));
        String rows = "{\"id\":\"a\",\"decision\":\"keep\"}\n{\"id\":\"s\",\"decision\":\"repair\","
                + "\"intervals\":[[1.0,2.5]],\"reviewer\":\"ann\",\"time\":\"2026-11-28T20:00:00Z\","
                + "\"sample\":\"0123456789abcdef\"}\n";
        AtomicFiles.writeString(file, rows);
        Decisions read = Decisions.read(file);
        assertEquals(Choice.KEEP, read.agreed("a").orElseThrow().choice());
        assertEquals(
                rows,
                read.about("a").stream().map(Json::line).findFirst().orElseThrow()
                        + "\n"
                        + read.about("s").stream().map(Json::line).findFirst().orElseThrow()
                        + "\n");
        assertEquals(rows, AtomicFiles.readString(file), "a person's file stays as it is");
        for (String bad : List.of(
                "{\"id\":\"a\",\"decision\":\"perhaps\"}",
                "{\"decision\":\"keep\"}",
                "{\"id\":\"a\",\"decision\":\"keep\",\"intervals\":[[1,2]]}",
                "{\"id\":\"a\",\"decision\":\"repair\",\"intervals\":[]}",
                "{\"id\":\"a\",\"decision\":\"repair\",\"intervals\":[[2,1]]}")) {
            AtomicFiles.writeString(file, bad + "\n");
            String message = assertThrows(InputException.class, () -> Decisions.read(file))
                    .getMessage();
            assertTrue(message.contains(":1: ") && message.lines().count() == 1, message);
        }
    }
}
