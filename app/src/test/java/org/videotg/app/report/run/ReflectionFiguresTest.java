package org.videotg.app.report.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.QuestionForm;
import org.videotg.method.reflection.ReflectionRules;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

class ReflectionFiguresTest {
    private static final ReflectionSettings PROBE =
            ReflectionSettings.defaults().withForm(QuestionForm.PROBE).withProbe(.5, 1);

    private static Sample sample(String id, double duration, Interval annotation) {
        return Sample.vtg(id, id + ".mp4", duration, "q", List.of(annotation));
    }

    @Test
    void trulyPartialMeansThatTheTruthLeavesTheWidenedAnnotation() {
        Sample sample = sample("a", 30, new Interval(4, 8));
        assertFalse(
                LabelledReflection.partial(sample, List.of(new Interval(3.5, 8.5)), PROBE),
                "within the tolerance of 0.5 s");
        assertTrue(LabelledReflection.partial(sample, List.of(new Interval(4, 8.6)), PROBE));
        assertTrue(LabelledReflection.partial(sample, List.of(new Interval(4, 8), new Interval(20, 22)), PROBE));
        Sample longer = sample("b", 100, new Interval(0, 40));
        assertFalse(LabelledReflection.partial(longer, List.of(new Interval(0, 42)), PROBE), "5% of 40 s are 2 s");
    }

    @Test
    void precisionRecallAndF1AreThoseOfTheCounts() {
        LabelledReflection.Confusion confusion = new LabelledReflection.Confusion(6, 2, 4, 8);
        assertEquals(.75, confusion.precision(), 1e-12);
        assertEquals(.6, confusion.recall(), 1e-12);
        assertEquals(2 * .75 * .6 / 1.35, confusion.f1(), 1e-12);
        assertEquals(.5, confusion.baseRate(), 1e-12);
        assertEquals(0, new LabelledReflection.Confusion(0, 0, 0, 5).f1());
        assertEquals(
                new LabelledReflection.Confusion(1, 1, 1, 1),
                LabelledReflection.Confusion.of(List.of(0, 1, 2, 3), i -> i < 2, i -> i % 2 == 0));
    }

    @Test
    void tiesInTheScoreAreOnePointOfTheCurve() {
        PrecisionRecall curve =
                PrecisionRecall.of(new double[] {.9, .5, .5, .1}, new boolean[] {true, true, false, false});
        assertArrayEquals(new double[] {1, 2 / 3.0, .5}, curve.precisions(), 1e-12);
        assertArrayEquals(new double[] {.5, 1, 1}, curve.recalls(), 1e-12);
        assertEquals(.8, curve.bestF1(), 1e-12);
        assertTrue(PrecisionRecall.of(new double[] {1}, new boolean[] {false})
                .points()
                .isEmpty());
    }

    /** The agent's own decision, from the grids it had, against the one from what it wrote down. */
    @Test
    void theProbesRuleIsRebuiltFromItsReplies() {
        double[] times = new double[41];
        Arrays.setAll(times, i -> i * .5);
        TemporalGrids grids = TemporalGrids.ofFrameTimes(times, 20.5);
        int partials = 0;
        for (int n = 0; n < 200; n++) {
            int start = (int) (Draw.uniform(3, "start", n) * 12);
            Sample sample = sample("s" + n, 20.5, new Interval(start, start + 4));
            GridMask mask = ReflectionRules.mask(grids, sample.intervals(), PROBE);
            int[] visible = mask.visible(grids.size());
            double[] yes = new double[visible.length];
            for (int i = 0; i < yes.length; i++) {
                yes[i] = Draw.uniform(3, "yes", n, i) * .7;
            }
            ArrayNode replies = replies(grids, visible, yes);
            for (double threshold : new double[] {.3, .5, .65}) {
                ReflectionSettings settings = PROBE.withProbe(threshold, 1);
                List<Interval> spans = ReflectionRules.reflected(
                        ReflectionRules.probed(grids, visible, yes, settings), sample.intervals(), settings);
                boolean expected = ReflectionRules.partial(spans, sample.intervals(), settings);
                ReflectionCurves.ProbeReplies read =
                        ReflectionCurves.ProbeReplies.of(sample, replies).orElseThrow();
                assertEquals(expected, read.partialAt(threshold, sample, PROBE), sample.id() + " at " + threshold);
                partials += expected ? 1 : 0;
            }
        }
        assertTrue(partials > 50 && partials < 550, "both outcomes must occur: " + partials);
    }

    @Test
    void repliesThatAreTextsHaveNoCurve() {
        ArrayNode texts = Json.MAPPER.createArrayNode().add("none").add("3 to 5");
        assertTrue(ReflectionCurves.ProbeReplies.of(sample("a", 10, new Interval(1, 2)), texts)
                .isEmpty());
        LabelledReflection listed =
                new LabelledReflection(sample("a", 10, new Interval(1, 2)), verdict("a", texts, false), PROBE, true);
        assertTrue(ReflectionCurves.probe(List.of(listed)).isEmpty());
    }

    @Test
    void theBlindBaselineSeesWhatLengthTellsAndNothingElse() {
        List<LabelledReflection> telling = new ArrayList<>();
        List<LabelledReflection> silent = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            boolean truly = Draw.uniform(7, "truly", n) < .5;
            double length = 2 + 8 * Draw.uniform(7, "length", n);
            telling.add(labelled("t" + n, truly ? length : length + 10, truly));
            silent.add(labelled("s" + n, length, truly));
        }
        assertTrue(ReflectionCurves.blind(telling).bestF1() > .98);
        assertEquals(
                .5,
                ReflectionCurves.blind(silent)
                        .precisions()[ReflectionCurves.blind(silent).points().size() / 2],
                .12);
    }

    private static LabelledReflection labelled(String id, double length, boolean truly) {
        Sample sample = sample(id, 30, new Interval(1, 1 + length));
        return new LabelledReflection(sample, verdict(id, Json.MAPPER.createArrayNode(), false), PROBE, truly);
    }

    private static ReflectionVerdict verdict(String id, ArrayNode replies, boolean partial) {
        return new ReflectionVerdict(
                id,
                partial ? List.of(new Interval(0, 1)) : List.of(),
                partial,
                false,
                replies,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static ArrayNode replies(TemporalGrids grids, int[] visible, double[] yes) {
        ArrayNode replies = Json.MAPPER.createArrayNode();
        for (int i = 0; i < visible.length; i++) {
            replies.addObject()
                    .put("grid", visible[i])
                    .put("time", grids.grids().get(visible[i]).timestamp())
                    .put("yes", yes[i]);
        }
        return replies;
    }
}
