package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.reflection.ReviewDecision.Choice;

class ReviewDataTest {
    private static final Interval A = new Interval(10, 14);

    private static Sample sample(String id) {
        return Sample.vtg(id, id + ".mp4", 30, "a red square blinks", List.of(A));
    }

    private static ReflectionVerdict reflection(String id, List<Interval> spans, boolean undecided, String replies) {
        return new ReflectionVerdict(
                id,
                spans,
                !spans.isEmpty(),
                undecided,
                replies == null ? null : Json.parse(replies, "t"),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static DifficultyVerdict difficulty(String id, Interval... predicted) {
        return new DifficultyVerdict(
                id,
                Collections.nCopies(predicted.length, 0.0),
                0,
                0,
                true,
                Arrays.stream(predicted).map(List::of).toList(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static ReviewSample of(String id, ReflectionVerdict reflection, DifficultyVerdict difficulty) {
        return new ReviewSample(
                sample(id),
                VideoRef.whole(Path.of(id + ".mp4")),
                Optional.ofNullable(reflection),
                Optional.ofNullable(difficulty),
                Map.of(),
                Optional.empty());
    }

    private static final String PROBE = "[{\"grid\":0,\"time\":1,\"yes\":0.1},{\"grid\":1,\"time\":2,\"yes\":%s}]";

    @Test
    void impactIsDoubtTimesChange() {
        List<Interval> reflected = List.of(new Interval(20, 24));
        assertEquals(1, of("u", reflection("u", List.of(), true, null), null).impact());
        assertEquals(0, of("n", null, null).impact());
        // A + R is twice as long as A: the change is 1/2.
        assertEquals(
                0.25, of("r", reflection("r", reflected, false, null), null).impact(), 1e-12, "no predictions");
        assertEquals(
                0.25,
                of(
                                "r",
                                reflection("r", reflected, false, null),
                                difficulty("r", new Interval(20, 23), new Interval(11, 13)))
                        .impact(),
                1e-12,
                "one of two predictions speaks for R");
        assertEquals(
                0.5,
                of("p", reflection("p", reflected, false, String.format(PROBE, "0.5")), null)
                        .impact(),
                1e-12,
                "at the threshold");
        assertEquals(
                0.1,
                of("p", reflection("p", reflected, false, String.format(PROBE, "0.9")), null)
                        .impact(),
                1e-12);
        // Nothing reflected: a grid of 1 s beside 4 s of annotation.
        assertEquals(
                0.2,
                of("k", reflection("k", List.of(), false, String.format(PROBE, "0.5")), null)
                        .impact(),
                1e-12);
        ReviewSample contradicted = of("k", null, difficulty("k", new Interval(0, 4), new Interval(0, 4)));
        assertEquals(1, contradicted.impact(), 1e-12);
        assertTrue(contradicted.disagreement() && contradicted.hard());
        assertFalse(of("k", null, difficulty("k", new Interval(0, 4), new Interval(20, 24)))
                .disagreement());
        ReviewSample unselected = new ReviewSample(
                sample("k"),
                contradicted.video(),
                Optional.empty(),
                contradicted.difficulty(),
                Map.of(),
                Optional.of(false));
        assertEquals(0.5, unselected.impact(), 1e-12, "it is not trained on");
    }

    @Test
    void filtersFollowVerdictsAndDecisions() {
        ReviewData data = ReviewData.of(List.of(
                of("kept", reflection("kept", List.of(), false, null), null),
                of("partial", reflection("partial", List.of(new Interval(20, 24)), false, null), null),
                of("undecided", reflection("undecided", List.of(), true, null), null),
                of("hard", null, difficulty("hard", new Interval(0, 4), new Interval(0, 4)))));
        assertEquals(List.of("undecided", "hard", "partial", "kept"), ids(data, Filter.ALL, Decisions.NONE));
        assertEquals(List.of("undecided", "partial"), ids(data, Filter.PENDING, Decisions.NONE));
        assertEquals(List.of("hard"), ids(data, Filter.DISAGREEMENT, Decisions.NONE));
        Decisions one = Decisions.of(List.of(new ReviewDecision("partial", Choice.KEEP, null, "a", null, null)));
        assertEquals(List.of("undecided"), ids(data, Filter.PENDING, one));
        assertEquals(List.of("partial"), ids(data, Filter.DECIDED, one));
        Decisions two = Decisions.of(List.of(
                new ReviewDecision("partial", Choice.KEEP, null, "a", null, null),
                new ReviewDecision("partial", Choice.DISCARD, null, "b", null, null)));
        assertEquals(List.of("partial"), ids(data, Filter.SPLIT, two));
        assertEquals(List.of("undecided", "partial"), ids(data, Filter.PENDING, two), "they do not agree");
        assertThrows(InputException.class, () -> Filter.named("doubtful"));
    }

    private static List<String> ids(ReviewData data, Filter filter, Decisions decisions) {
        return data.filtered(filter, decisions).stream().map(ReviewSample::id).toList();
    }

    @Test
    void filesReadBackAndOtherVersionsAreRefused(@TempDir Path folder) {
        Path file = folder.resolve("train.jsonl");
        Samples.write(file, List.of(sample("a"), sample("b")));
        Path reflections = folder.resolve("reflections.jsonl");
        Jsonl.write(reflections, List.of(reflection("b", List.of(new Interval(20, 24)), false, null)));
        Path predictions = folder.resolve("eval").resolve("predictions.jsonl");
        AtomicFiles.writeString(predictions, "{\"id\":\"a\",\"intervals\":[[1,2]],\"reply\":\"from 1 to 2\"}\n");
        ReviewData.Sources sources = new ReviewData.Sources(
                file, Optional.of(reflections), Optional.empty(), List.of(predictions), Optional.empty());
        ReviewData data = ReviewData.read(sources);
        assertEquals(List.of("a", "b"), ids(data, Filter.ALL, Decisions.NONE), "a contradicts its prediction");
        assertEquals(
                Map.of("eval/predictions.jsonl", List.of(new Interval(1, 2))),
                data.sample("a").orElseThrow().predictions());
        AtomicFiles.writeString(reflections, "{\"id\":\"b\",\"spans\":[],\"sample\":\"0123\"}\n");
        assertTrue(assertThrows(InputException.class, () -> ReviewData.read(sources))
                .getMessage()
                .contains("another version"));
    }
}
