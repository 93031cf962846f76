package org.videotg.training.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class SftTrainerTest {
    private static Sample sample(Task task, String answer, Interval... intervals) {
        return new Sample("s", "v.mp4", 20, "q", List.of(intervals), task, List.of("red", "blue"), answer, Map.of());
    }

    @Test
    void eachTaskIsAnsweredInItsForm() {
        Interval brief = new Interval(1, 2.25);
        Interval lengthy = new Interval(7, 12);
        assertEquals("1.0 to 2.2", SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.VTG, null, brief)));
        assertEquals("7.0 to 12.0", SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.VTG, null, brief, lengthy)));
        assertEquals("none", SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.VTG, null)));
        assertEquals(
                "1.0 to 2.2, 7.0 to 12.0",
                SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.LIST, null, brief, lengthy)));
        assertEquals(
                "(B) 7.0 to 12.0", SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.GQA, "B", brief, lengthy)));
        assertEquals(
                "<think>\n</think>\n<answer>B</answer>\n<glue>[(1.0, 2.2), (7.0, 12.0)]</glue>",
                SftTrainer.reply(PromptTemplate.named("videochat-r1-gqa"), sample(Task.GQA, "B", brief, lengthy)));
    }

    @Test
    void repliesHaveTheFormOfTheTemplate() {
        Sample sample = sample(Task.VTG, null, new Interval(1, 2.257));
        assertEquals(
                "<think>\n</think>\n<answer>1.00 to 2.26</answer>",
                SftTrainer.reply(PromptTemplate.named("timer1"), sample));
        assertEquals(
                "The event happens in 1.0 - 2.3 seconds.", SftTrainer.reply(PromptTemplate.named("timelens"), sample));
    }

    @Test
    void aQuestionWithoutItsAnswerIsNamed() {
        assertTrue(assertThrows(
                        InputException.class,
                        () -> SftTrainer.reply(PromptTemplate.DEFAULT, sample(Task.GQA, null, new Interval(1, 2))))
                .getMessage()
                .contains("sample \"s\""));
    }
}
