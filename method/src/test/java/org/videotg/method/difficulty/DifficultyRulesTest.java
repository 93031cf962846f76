package org.videotg.method.difficulty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.method.reward.WeightedReward;

class DifficultyRulesTest {
    private static DifficultyVerdict verdict(List<Double> ious, List<List<Interval>> spans) {
        return new DifficultyVerdict("s", ious, 0, 0, false, spans, null, null, null, null, null, null, null, null);
    }

    @Test
    void hardIsBelowTauNotOnIt() {
        assertFalse(DifficultyRules.hard(List.of(0.25, 0.35), 0.3));
        assertTrue(DifficultyRules.hard(List.of(0.25, 0.34), 0.3));
        assertEquals(0.75, DifficultyRules.of(List.of(0.5, 0.0)), "an unparsed prediction is a 0 in the mean");
        assertThrows(IllegalArgumentException.class, () -> DifficultyRules.mean(List.of()));
    }

    @Test
    void theSpreadIsTheSamplesWithNMinusOne() {
        assertEquals(Math.sqrt(2.0 / 3), WeightedReward.std(1, 2, 2, 3), 1e-12);
        assertEquals(0, WeightedReward.std(0.7));
    }

    @Test
    void predictionsAreScoredAnewWithARepairedAnnotation() {
        DifficultyVerdict verdict = verdict(
                List.of(0.5, 0.0, 0.0), List.of(List.of(new Interval(0, 10)), List.of(), List.of(new Interval(9, 3))));
        assertEquals(List.of(1.0, 0.0, 0.0), verdict.iousWith(List.of(new Interval(0, 4), new Interval(4, 10))));
        assertEquals(
                List.of(0.5), verdict(List.of(0.5), null).iousWith(List.of(new Interval(0, 1))), "no spans on record");
    }

    @Test
    void verdictsReadBackAndRefuseNonsense() {
        DifficultyVerdict verdict = verdict(List.of(0.5, 0.0), List.of(List.of(new Interval(0, 10)), List.of()));
        assertEquals(verdict, Json.convert(Json.parse(Json.line(verdict), "t"), DifficultyVerdict.class, "t"));
        for (String row : List.of(
                "{\"id\":\"s\"}",
                "{\"id\":\"s\",\"ious\":[]}",
                "{\"id\":\"s\",\"ious\":[1.5]}",
                "{\"id\":\"s\",\"ious\":[0.5],\"spans\":[[],[]]}",
                "{\"id\":\"s\",\"ious\":[null]}")) {
            String message = assertThrows(
                            InputException.class,
                            () -> Json.convert(Json.parse(row, "f:1"), DifficultyVerdict.class, "f:1"))
                    .getMessage();
            assertTrue(message.startsWith("f:1: ") && message.lines().count() == 1, message);
        }
    }

    @Test
    void settingsReadBackAndRefuseNonsense() {
        DifficultySettings settings = DifficultySettings.defaults().withSeed(5);
        assertEquals(settings, Json.convert(Json.parse(Json.line(settings), "t"), DifficultySettings.class, "t"));
        assertThrows(InputException.class, () -> settings.withSamples(4, 0), "four greedy predictions");
        assertEquals(0, settings.withSamples(1, 0).decoding(1).temperature());
        assertThrows(InputException.class, () -> settings.withSamples(0, 1));
        assertThrows(InputException.class, () -> settings.withSamples(2, Double.NaN));
    }
}
