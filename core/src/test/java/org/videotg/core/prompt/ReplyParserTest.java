package org.videotg.core.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.videotg.core.interval.Interval;
import org.videotg.core.prompt.ReplyParser.Parsed;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class ReplyParserTest {
    private static Optional<Parsed> parsed(String letter, Interval... intervals) {
        return Optional.of(new Parsed(List.of(intervals), letter));
    }

    @Test
    void everyTaskHasItsForm() {
        assertEquals(parsed(null, new Interval(3, 7.25)), ReplyParser.parse(Task.VTG, " 3 to 7.25 "));
        assertEquals(parsed(null, new Interval(7, 3)), ReplyParser.parse(Task.VTG, "7.0 to 3.0"));
        assertEquals(parsed(null, new Interval(1, 2), new Interval(4, 5)), ReplyParser.parse(Task.LIST,
                "1.0 to 2.0, 4.0 to 5.0"));
        assertEquals(parsed(null), ReplyParser.parse(Task.LIST, "none"));
        assertEquals(parsed("B", new Interval(3, 7)), ReplyParser.parse(Task.GQA, "(B) 3.0 to 7.0"));
        for (Task task : Task.values()) {
            for (String reply : List.of("", "None", "3.0 to", "3.0 to 7.0,", "3.0  to 7.0", "(b) 3 to 7",
                    "3.0 to 7.0\n3.0 to 7.0",
                    "1234567 to 2", "NaN to 2", "٣ to ٧", "9".repeat(5000))) {
                assertEquals(Optional.empty(), ReplyParser.parse(task, reply), task + ": " + reply);
            }
        }
    }

    @Test
    void theRightRepliesParse() {
        PromptTemplate prompt = PromptTemplate.OWN;
        List<Interval> two = List.of(new Interval(1, 2), new Interval(4, 9999.9));
        assertEquals(Optional.of(two), ReplyParser.list(PromptTemplate.reply(two)));
        assertEquals(Optional.of(new Interval(1, 2)), ReplyParser.interval(PromptTemplate.reply(two.get(0))));
        assertEquals(parsed("C", two.get(0)), ReplyParser.parse(Task.GQA, PromptTemplate.reply("C", two.get(0))));
        assertEquals("0.2", PromptTemplate.time(0.25), "half to even, as the reference");
        Sample sample = new Sample("s", "v", 9, "Why?", two, Task.GQA, List.of("red", "blue"), "A", Map.of());
        assertEquals("(A) red (B) blue Answer and time?", prompt.afterVideo(sample));
        assertEquals(prompt.ground(), prompt.afterVideo(Sample.vtg("s", "v", 9, "q", two)));
        assertEquals("Query: it falls\n", prompt.beforeVideo(" it falls. "));
    }
}
