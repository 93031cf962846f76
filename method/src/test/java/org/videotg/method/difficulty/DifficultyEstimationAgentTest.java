package org.videotg.method.difficulty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;

class DifficultyEstimationAgentTest {
    private static final Sample SAMPLE = Sample.vtg("s", "v.mp4", 32, "it falls", List.of(new Interval(10, 20)));

    private static DifficultyVerdict judge(ScriptedMllm mllm, DifficultySettings settings, Sample sample) {
        return new DifficultyEstimationAgent(mllm, PromptTemplate.DEFAULT, settings)
                .judge(sample, VideoRef.whole(Path.of("v.mp4")));
    }

    private static ScriptedMllm scripted(String... replies) {
        return new ScriptedMllm(0, false)
                .knows("v.mp4", 32, "it falls", new Interval(10, 20))
                .replies("it falls", PromptTemplate.DEFAULT.ground(), replies);
    }

    @Test
    void scoresEveryPrediction() {
        DifficultyVerdict verdict =
                judge(scripted("10 to 20", "15 to 25", "20 to 10", "who knows"), DifficultySettings.defaults(), SAMPLE);
        assertEquals(List.of(1.0, 1.0 / 3, 0.0, 0.0), verdict.ious());
        assertEquals(1, verdict.parseFailures());
        assertEquals(
                List.of(
                        List.of(new Interval(10, 20)),
                        List.of(new Interval(15, 25)),
                        List.of(new Interval(20, 10)),
                        List.of()),
                verdict.spans());
        assertFalse(verdict.hard(), "the mean is a third");
        assertEquals(2.0 / 3, verdict.difficulty(), 1e-12);
        double[] rewards = {1.1, 1.0 / 3 + 0.1, 0.1, 0};
        double mean = (rewards[0] + rewards[1] + rewards[2] + rewards[3]) / 4;
        double squares = 0;
        for (double reward : rewards) {
            squares += (reward - mean) * (reward - mean);
        }
        assertEquals(Math.sqrt(squares / 3), verdict.rewardStd(), 1e-12);
        assertNull(verdict.listReply());
    }

    @Test
    void hardBelowTau() {
        assertFalse(
                judge(scripted("10 to 13"), DifficultySettings.defaults(), SAMPLE)
                        .hard(),
                "exactly 0.3");
        assertTrue(judge(scripted("10 to 12.9"), DifficultySettings.defaults(), SAMPLE)
                .hard());
    }

    @Test
    void theListQuestionIsAskedOnceIfWanted() {
        ScriptedMllm mllm =
                scripted("1 to 2").replies("it falls", PromptTemplate.DEFAULT.list(), "1.0 to 2.0, 12.0 to 19.0");
        DifficultyVerdict verdict = judge(mllm, DifficultySettings.defaults().withList(true), SAMPLE);
        assertEquals(List.of(new Interval(1, 2), new Interval(12, 19)), verdict.listed());
        assertEquals(2, mllm.asked().size());
        mllm.replies("it falls", PromptTemplate.DEFAULT.list(), "often");
        assertNull(judge(mllm, DifficultySettings.defaults().withList(true), SAMPLE)
                .listed());
    }

    @Test
    void asksAndReadsByTheTemplateOfAnotherProject() {
        PromptTemplate timer1 = PromptTemplate.named("timer1");
        ScriptedMllm mllm = new ScriptedMllm(0, false)
                .knows("v.mp4", 32, "it falls")
                .replies(
                        timer1.grounding("it falls"),
                        "<think>5 to 6</think><answer>10.00 to 20.00</answer>",
                        "The answer is <answer>15 to 25 s</answer>",
                        "10.00 to 20.00",
                        "<think></think><answer>never</answer>")
                .replies(timer1.listing("it falls"), "<answer>1 to 2, 12 to 19</answer>");
        DifficultyEstimationAgent agent = new DifficultyEstimationAgent(
                mllm, timer1, DifficultySettings.defaults().withList(true));
        DifficultyVerdict verdict = agent.judge(SAMPLE, VideoRef.whole(Path.of("v.mp4")));
        assertEquals(List.of(1.0, 1.0 / 3, 0.0, 0.0), verdict.ious());
        assertEquals(2, verdict.parseFailures());
        assertEquals(List.of(new Interval(1, 2), new Interval(12, 19)), verdict.listed());
        assertEquals("timer1", agent.settings().path("prompt").path("parser").asText());
    }

    @Test
    void asksWhatTheTaskAsks() {
        Sample question = new Sample(
                "g",
                "v.mp4",
                32,
                "it falls",
                List.of(new Interval(10, 20)),
                Task.GQA,
                List.of("cup", "hat"),
                "A",
                Map.of());
        ScriptedMllm mllm = new ScriptedMllm(0, false).knows("v.mp4", 32, "it falls", new Interval(10, 20));
        assertEquals(
                List.of(1.0, 1.0, 1.0, 1.0),
                judge(mllm, DifficultySettings.defaults(), question).ious());
        assertTrue(
                mllm.asked().get(0).endsWith("|(A) cup (B) hat Answer and time?"),
                mllm.asked().get(0));
    }

    @Test
    void sameSeedSameVerdict() {
        ScriptedMllm noisy = new ScriptedMllm(0.5, false).knows("v.mp4", 32, "it falls", new Interval(10, 20));
        DifficultySettings settings = DifficultySettings.defaults().withSamples(8, 1);
        List<String> replies = judge(noisy, settings, SAMPLE).replies();
        assertEquals(replies, judge(noisy, settings, SAMPLE).replies());
        assertFalse(replies.equals(judge(noisy, settings.withSeed(1), SAMPLE).replies()));
    }
}
