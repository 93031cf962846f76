package org.videotg.method.reflection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;

class BoundaryReflectionAgentTest {
    private static final ReflectionSettings LIST = ReflectionSettings.defaults();
    private static final ReflectionSettings PROBE = LIST.withForm(QuestionForm.PROBE);
    private static final Path VIDEO = Path.of("v.mp4");

    private static ScriptedMllm oracle() {
        return new ScriptedMllm(0, true)
                .knows("v.mp4", 32, "the door opens", new Interval(4, 12), new Interval(20, 23));
    }

    private static Sample sample(double start, double end) {
        return Sample.vtg("s", "v.mp4", 32, "the door opens", List.of(new Interval(start, end)));
    }

    private static ReflectionVerdict judge(ScriptedMllm mllm, ReflectionSettings settings, Sample sample) {
        return new BoundaryReflectionAgent(mllm, PromptTemplate.DEFAULT, settings).judge(sample, VideoRef.whole(VIDEO));
    }

    @Test
    void bothFormsFindTheTruncatedAndTheRepeatedPart() {
        for (ReflectionSettings settings : List.of(LIST, PROBE, LIST.withMaskMode(MaskMode.BLANK))) {
            ReflectionVerdict verdict = judge(oracle(), settings, sample(4, 8));
            assertEquals(
                    List.of(new Interval(9, 12), new Interval(20, 23)),
                    verdict.spans(),
                    settings.form().id());
            assertTrue(verdict.partial());
            assertFalse(verdict.undecided());
        }
    }

    @Test
    void aCompleteAnnotationPasses() {
        ScriptedMllm mllm = new ScriptedMllm(0, true).knows("v.mp4", 32, "the door opens", new Interval(4, 12));
        for (ReflectionSettings settings : List.of(LIST, PROBE)) {
            ReflectionVerdict verdict = judge(mllm, settings, sample(4, 12));
            assertEquals(List.of(), verdict.spans());
            assertFalse(verdict.partial());
            assertFalse(verdict.undecided());
        }
    }

    @Test
    void oneVisibleGridMoreOrLessDecidesNothingByItself() {
        ReflectionVerdict verdict = judge(oracle(), PROBE.withProbe(0.5, 4), sample(4, 8));
        assertEquals(List.of(), verdict.spans(), "the runs have three grids, four are needed");
    }

    @Test
    void aProbeRecordsEveryVisibleGrid() {
        ReflectionVerdict verdict = judge(oracle(), PROBE, sample(4, 8));
        assertEquals(32 - 6, verdict.replies().size());
        assertEquals(
                "{\"grid\":2,\"time\":2.5,\"yes\":0.05}",
                verdict.replies().get(2).toString());
        assertEquals(
                "{\"grid\":9,\"time\":9.5,\"yes\":0.95}",
                verdict.replies().get(3).toString());
        assertEquals(
                "At {time} seconds?", verdict.settings().at("/prompt/after/0").asText());
    }

    @Test
    void votesOverSeveralRepliesAndMajorityForUndecided() {
        ScriptedMllm mllm = oracle().replies(
                        "the door opens", PromptTemplate.DEFAULT.list(), "20.0 to 23.0", "what?", "21.0 to 23.0");
        ReflectionVerdict verdict = judge(mllm, LIST.withSamples(3), sample(4, 12));
        assertEquals(List.of(new Interval(21, 23)), verdict.spans(), "two of two parsed replies name it");
        assertEquals(
                "[\"20.0 to 23.0\",\"what?\",\"21.0 to 23.0\"]",
                verdict.replies().toString());
        ScriptedMllm half = oracle().replies("the door opens", PromptTemplate.DEFAULT.list(), "20.0 to 23.0", "what?");
        ReflectionVerdict undecided = judge(half, LIST.withSamples(2), sample(4, 12));
        assertTrue(undecided.undecided());
        assertFalse(undecided.partial());
        assertEquals(List.of(), undecided.spans());
    }

    @Test
    void unparsableIsUndecided() {
        for (String reply : List.of("", "I can't tell", "20 to 23 and more", "none.")) {
            ReflectionVerdict verdict =
                    judge(oracle().replies("the door opens", PromptTemplate.DEFAULT.list(), reply), LIST, sample(4, 8));
            assertTrue(verdict.undecided(), reply);
            assertFalse(verdict.partial());
        }
    }

    @Test
    void anAnnotationOfTheWholeVideoPassesWithoutAQuestion() {
        ScriptedMllm mllm = oracle();
        ReflectionVerdict verdict = judge(mllm, LIST, sample(0.2, 31.8));
        assertFalse(verdict.partial());
        assertFalse(verdict.undecided());
        assertEquals(List.of(), mllm.asked());
        assertEquals(0, verdict.cost().tokenForwards());
    }

    @Test
    void aModelThatCannotWeighIsToldSo() {
        InputException e = assertThrows(
                InputException.class,
                () -> new BoundaryReflectionAgent(new ScriptedMllm(0, false), PromptTemplate.DEFAULT, PROBE));
        assertTrue(e.getMessage().contains("use the form list"), e.getMessage());
    }

    @Test
    void theVerdictSaysWhoWasAskedWhatAndAtWhatCost() {
        ScriptedMllm mllm = oracle();
        ReflectionVerdict verdict = judge(mllm, LIST, sample(4, 8));
        assertEquals(mllm.identity(), verdict.model());
        assertEquals(mllm.cost(), verdict.cost());
        assertEquals("list", verdict.settings().get("form").asText());
        assertEquals("Query: {query}\n", verdict.settings().at("/prompt/before").asText());
        assertEquals(List.of("v.mp4|Query: the door opens\n|List every time, or none"), mllm.asked());
    }
}
