package org.videotg.method.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class RewardTest {
    private static final Sample ONE = sample(Task.VTG, new Interval(10, 20));
    private static final Sample TWO = sample(Task.VTG, new Interval(10, 20), new Interval(30, 40));
    private static final Sample QUESTION = new Sample(
            "q", "v.mp4", 100, "what?", List.of(new Interval(10, 20)), Task.GQA, List.of("red", "blue"), "B", Map.of());

    private static Sample sample(Task task, Interval... intervals) {
        return new Sample("s", "v.mp4", 100, "q", List.of(intervals), task, List.of(), null, Map.of());
    }

    private static double score(String label, Sample sample, String reply) {
        return Reward.named(label).score(sample, read(sample, reply));
    }

    private static ParsedReply read(Sample sample, String reply) {
        return PromptTemplate.DEFAULT.read(sample.task(), reply);
    }

    @Test
    void iouOfOneInterval() {
        assertEquals(1, score("iou", ONE, "10 to 20"));
        assertEquals(5.0 / 15, score("iou", ONE, " 15.0 to 25.0\n"), 1e-12);
        assertEquals(0, score("iou", ONE, "20 to 30"));
        assertEquals(0, score("iou", ONE, "20 to 10"));
        assertEquals(0, score("iou", ONE, "12 to 12"));
    }

    @Test
    void aRepairedSampleTakesMultiIntervalIou() {
        assertEquals(10.0 / 20, score("iou", TWO, "10 to 20"), 1e-12);
        assertEquals(20.0 / 30, score("iou", TWO, "10 to 40"), 1e-12);
        assertEquals(
                1,
                score("iou", sample(Task.LIST, new Interval(10, 20), new Interval(30, 40)), "30 to 40, 10 to 20"),
                1e-12);
        assertEquals(0, score("iou", TWO, "40 to 10"));
    }

    @Test
    void noneIsRightOnlyWhereNothingHappens() {
        assertEquals(1, score("iou", sample(Task.LIST), "none"));
        assertEquals(0, score("iou", sample(Task.LIST), "1 to 2"));
        assertEquals(0, score("iou", sample(Task.LIST, new Interval(1, 2)), "none"));
        assertEquals(0, score("format", ONE, "none"));
        assertEquals(1, score("timestamp_iou", sample(Task.LIST), "none"));
    }

    @Test
    void anUnparsableReplyScoresNothing() {
        for (Reward reward : Reward.all()) {
            for (String reply :
                    List.of("", "10 - 20", "10 to 20 seconds", "It is 10 to 20", "-1 to 5", "1e3 to 2", "10 to")) {
                assertEquals(0, reward.score(ONE, read(ONE, reply)), reward.id() + ": " + reply);
            }
        }
    }

    @Test
    void timestampAwareIouIsTimeR1s() {
        assertEquals(1, score("timestamp_iou", ONE, "10 to 20"));
        assertEquals(5.0 / 15 * 0.95 * 0.95, score("timestamp_iou", ONE, "15 to 25"), 1e-12);
        assertEquals(10.0 / 40 * 1 * 0.7, score("timestamp_iou", ONE, "10 to 50"), 1e-12);
        assertEquals(0, score("timestamp_iou", ONE, "10 to 150"), "the end lies more than the duration away");
        assertEquals(0, score("timestamp_iou", ONE, "20 to 10"));
        assertEquals(
                0.5, score("timestamp_iou", TWO, "30 to 40"), 1e-12, "no penalty for the piece that was not named");
        assertEquals(20.0 / 30 * 0.8, score("timestamp_iou", TWO, "10 to 40"), 1e-12);
    }

    @Test
    void iopIsTheShareOfThePredictionThatIsRight() {
        assertEquals(1, score("iop", ONE, "12 to 13"));
        assertEquals(0.25, score("iop", ONE, "15 to 35"), 1e-12);
        assertEquals(20.0 / 30, score("iop", TWO, "10 to 40"), 1e-12);
        assertEquals(0, score("iop", ONE, "20 to 10"));
        assertEquals(0, score("iop", ONE, "12 to 12"), "a point earns nothing, or every reply would shrink to one");
        assertEquals(1, score("iop", sample(Task.LIST), "none"));
        assertEquals(0, score("iop", sample(Task.LIST, new Interval(1, 2)), "none"));
    }

    @Test
    void aProjectsFormatAndItsNumbersAreRewardedApart() {
        PromptTemplate timer1 = PromptTemplate.named("timer1");
        ParsedReply loose = timer1.read(Task.VTG, "It is <answer>from 10 to 20 s</answer>");
        assertEquals(1, Reward.named("iou").score(ONE, loose));
        assertEquals(0, Reward.named("format").score(ONE, loose));
        ParsedReply empty = timer1.read(Task.VTG, "<think>hm</think> <answer>never</answer>");
        assertEquals(0, Reward.named("iou").score(ONE, empty));
        assertEquals(1, Reward.named("format").score(ONE, empty));
        ParsedReply answered = PromptTemplate.named("videochat-r1-gqa")
                .read(Task.GQA, "<think></think><answer>B</answer><glue>[(7, 3)]</glue>");
        assertEquals(1, Reward.named("answer").score(QUESTION, answered));
        assertEquals(
                0, Reward.named("iou").score(QUESTION.withIntervals(List.of()), answered), "no interval was given");
        assertEquals(0, Reward.named("format").score(QUESTION, answered));
    }

    @Test
    void groundedAnswers() {
        assertEquals(1, score("answer", QUESTION, "(B) 3.0 to 7.0"));
        assertEquals(0, score("answer", QUESTION, "(A) 10 to 20"));
        assertEquals(1, score("iou", QUESTION, "(A) 10 to 20"));
        assertEquals(1, score("format", QUESTION, "(C) 20 to 10"));
        assertEquals(0, score("format", QUESTION, "B 3.0 to 7.0"));
        assertEquals(0, score("format", QUESTION, "10 to 20"));
        assertEquals(0, score("answer", ONE, "10 to 20"));
    }

    @Test
    void theTotalIsTheWeightedSum() {
        WeightedReward reward =
                Json.convert(Json.parse("{\"iou\":1.0,\"format\":0.1,\"answer\":0.5}", "t"), WeightedReward.class, "t");
        WeightedReward.Breakdown parts = reward.breakdown(QUESTION, read(QUESTION, "(B) 15 to 25"));
        assertEquals(5.0 / 15 + 0.1 + 0.5, parts.total(), 1e-12);
        assertEquals(
                List.of("iou", "format", "answer"), List.copyOf(parts.parts().keySet()));
        assertEquals(1, parts.parts().get("format"));
        assertEquals(0, reward.score(QUESTION, read(QUESTION, "rubbish")));
        assertEquals("{\"iou\":1.0,\"format\":0.1}", Json.line(WeightedReward.DEFAULT));
    }

    @Test
    void badWeightsAreRefusedInOneLine() {
        for (Map<String, Double> weights : List.of(
                Map.of("io", 1.0),
                Map.of("iou", -1.0),
                Map.of("iou", Double.NaN),
                Map.of("iou", 0.0),
                Map.<String, Double>of())) {
            String message = assertThrows(InputException.class, () -> new WeightedReward(weights))
                    .getMessage();
            assertTrue(message.lines().count() == 1, message);
        }
    }
}
