package org.videotg.benchmarks.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.benchmarks.profile.PredictedRow.Windows;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;

class DifferenceTest {
    private static final MetricProfile.Settings SETTINGS = new MetricProfile.Settings(0.1, false, false);

    private static Pair pair(String id, Span truth, String reply) {
        return new Pair(
                annotation(id, "query " + id, 30.0, List.of(truth)),
                PredictedRow.of(id).withReply(reply));
    }

    private static Annotation annotation(String id, String query, Double duration, List<Span> spans) {
        return Annotation.of(id, "v", query)
                .withDuration(duration == null ? OptionalDouble.empty() : OptionalDouble.of(duration))
                .withIntervals(spans.stream()
                        .map(span -> new Interval(span.start(), span.end()))
                        .toList());
    }

    private static Score score(String profile, List<Pair> pairs) {
        return MetricProfile.named(profile, SETTINGS).score(pairs);
    }

    @Test
    void everyRowThatDiffersSaysWhy() {
        List<Pair> pairs = List.of(
                pair("same", new Span(2, 8), "2 to 8"),
                pair("half", new Span(0, 10), "0 to 5"),
                pair("rounded", new Span(2, 8), "2.4 to 7.6"),
                pair("dash", new Span(2, 8), "2 - 8"),
                pair("point", new Span(5, 5), "5 to 5"),
                pair("none", new Span(2, 8), "no"),
                new Pair(annotation("missing", "q", 30.0, List.of(new Span(0, 1))), null));
        assertEquals(
                Map.of(Difference.Reason.THRESHOLD, 1, Difference.Reason.LEFT_OUT, 1),
                Difference.of(score("timer1", pairs), score("timezero", pairs)).counts());
        Difference lens = Difference.of(score("timezero", pairs), score("timelens", pairs));
        assertEquals(
                Map.of(Difference.Reason.LEFT_OUT, 1, Difference.Reason.INTERVAL, 1, Difference.Reason.UNPARSABLE, 1),
                lens.counts());
        Difference.Row rounded = lens.rows().get(0);
        assertEquals("rounded", rounded.id());
        assertEquals("rounded from [2.4, 7.6]", rounded.second().note());
        assertEquals(List.of(new Span(2, 8)), rounded.second().match().used());
        assertEquals(List.of(), Difference.of(lens.first(), lens.first()).rows());
        assertThrows(
                IllegalArgumentException.class,
                () -> Difference.of(lens.first(), score("timer1", pairs.subList(0, 2))));
    }

    @Test
    void anIntervalInThePlaceOfNoneIsTheReason() {
        List<Pair> pairs = List.of(new Pair(
                annotation("a", "q", 30.0, List.of(new Span(0, 15))),
                PredictedRow.of("a").withWindows(Windows.of(List.of()))));
        Difference difference = Difference.of(score("timechat", pairs), score("videomind", pairs));
        assertEquals(Map.of(Difference.Reason.SUBSTITUTE, 1), difference.counts());
        assertEquals(
                List.of(new Span(0, 30)),
                difference.rows().get(0).second().match().used());
    }

    @Test
    void videoMindSaysWhatItDidToTheInterval() {
        List<Pair> pairs = List.of(
                given("kept", 2, 8),
                given("rounded", 2.04, 8),
                given("clamped", 2, 31),
                given("both", 2.04, 31),
                given("reordered", 8, 2));
        assertEquals(
                List.of(
                        "",
                        "rounded from [2.04, 8.0]",
                        "clamped from [2.0, 31.0]",
                        "clamped, rounded from [2.04, 31.0]",
                        "reordered from [8.0, 2.0]"),
                pairs.stream()
                        .map(pair ->
                                score("videomind", List.of(pair)).rows().get(0).note())
                        .map(note -> note == null ? "" : note)
                        .toList());
    }

    private static Pair given(String id, double start, double end) {
        return new Pair(
                annotation(id, "q", 30.0, List.of(new Span(2, 8))),
                PredictedRow.of(id).withWindows(Windows.of(List.of(new Span(start, end)))));
    }

    @Test
    void theHeadlineIsOfTheRowsThatCount() {
        List<Pair> pairs = List.of(
                pair("whole", new Span(0, 10), "0 to 10"),
                pair("half", new Span(0, 10), "0 to 5"),
                pair("point", new Span(5, 5), "5 to 5"));
        assertEquals(
                Map.of("mIoU", 75.0, "R@0.3", 100.0, "R@0.5", 100.0, "R@0.7", 50.0),
                Difference.headline(score("timezero", pairs)));
    }

    @Test
    void counts() {
        Score score = score(
                "timezero",
                List.of(
                        pair("a", new Span(5, 5), "5 to 5"),
                        pair("b", new Span(0, 10), "none"),
                        new Pair(annotation("c", "q", 30.0, List.of(new Span(0, 1))), null),
                        pair("d", new Span(0, 10), "0 to 10")));
        assertEquals(List.of(2, 1, 1), List.of(score.n(), score.unparsable(), score.missing()));
        assertEquals(
                "{\"profile\":\"timezero\",\"n\":2,\"unparsable\":1,\"missing\":1,\"metrics\":"
                        + "{\"mIoU\":0.5,\"R@0.3\":0.5,\"R@0.5\":0.5,\"R@0.7\":0.5}}",
                score.toJson().toString());
        Score undefined = score("timer1", List.of(pair("a", new Span(5, 5), "5 to 5")));
        assertTrue(undefined.toJson().get("metrics").get("mIoU").isNull());
    }

    @Test
    void rowsThatAProfileCannotScoreAreNamed() {
        Pair open = new Pair(
                annotation("open", "q", null, List.of()),
                PredictedRow.of("open").withWindows(Windows.of(List.of(new Span(0, 1)))));
        Pair unasked = new Pair(annotation("unasked", "q", null, List.of(new Span(0, 1))), null);
        Pair said = pair("said", new Span(0, 1), "0 to 1");
        for (Map.Entry<Pair, List<String>> bad : Map.of(
                        open,
                        List.of("timer1", "moment-detr", "timechat"),
                        unasked,
                        List.of("moment-detr", "rextime", "nextqa", "timer1", "videomind"),
                        said,
                        List.of("moment-detr", "timechat", "nextgqa", "videomind"))
                .entrySet()) {
            for (String profile : bad.getValue()) {
                String message = assertThrows(
                                InputException.class, () -> score(profile, List.of(bad.getKey())), profile)
                        .getMessage();
                assertTrue(message.contains(profile), message);
            }
        }
        assertThrows(
                InputException.class,
                () -> MetricProfile.named("videomind", new MetricProfile.Settings(null, false, false)));
        assertThrows(InputException.class, () -> MetricProfile.named("r1", SETTINGS));
        assertEquals(
                "lmms-eval-charades", MetricProfile.named("lmms-eval", SETTINGS).name());
        assertEquals(
                "lmms-eval-timelens",
                MetricProfile.named("lmms-eval", new MetricProfile.Settings(null, false, true))
                        .name());
        assertNull(ScoredRow.missing(said).right());
    }

    @Test
    void spansOfTheEvaluatorsOwnInferenceAreNotTreatedAgain() {
        Annotation truth = annotation("a", "q", 30.0, List.of(new Span(0.25, 4.25)));
        PredictedRow dump = PredictedRow.of("a")
                .withReply("9 - 12")
                .withWindows(Windows.finalFor("timelens", List.of(new Span(0.25, 4.25))));
        assertEquals(
                100.0,
                score("timelens", List.of(new Pair(truth, dump))).metrics().get("mIOU"));
        PredictedRow other = PredictedRow.of("a")
                .withReply("9 - 12")
                .withWindows(Windows.finalFor("timer1", List.of(new Span(0.25, 4.25))));
        assertEquals(
                0.0,
                score("timelens", List.of(new Pair(truth, other))).metrics().get("mIOU"));
        PredictedRow mind =
                PredictedRow.of("a").withWindows(Windows.finalFor("videomind", List.of(new Span(0.25, 4.25))));
        assertEquals(
                100.0,
                score("videomind", List.of(new Pair(truth, mind))).metrics().get("mIoU"));
        PredictedRow plain = PredictedRow.of("a").withWindows(Windows.of(List.of(new Span(0.25, 4.25))));
        assertEquals(
                97.53,
                score("videomind", List.of(new Pair(truth, plain))).metrics().get("mIoU"));
    }
}
