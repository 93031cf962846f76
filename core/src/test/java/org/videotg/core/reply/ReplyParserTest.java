package org.videotg.core.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

class ReplyParserTest {
    private static Optional<Parsed> parsed(String letter, Interval... intervals) {
        return Optional.of(new Parsed(List.of(intervals), letter));
    }

    private static Optional<Parsed> lenient(Task task, String reply) {
        return ReplyParser.LENIENT.read(ReplyFormat.DEFAULT, task, reply).parsed();
    }

    @Test
    void everyTaskHasItsForm() {
        assertEquals(parsed(null, new Interval(3, 7.25)), ReplyParser.parse(Task.VTG, " 3 to 7.25 "));
        assertEquals(parsed(null, new Interval(7, 3)), ReplyParser.parse(Task.VTG, "7.0 to 3.0"));
        assertEquals(
                parsed(null, new Interval(1, 2), new Interval(4, 5)),
                ReplyParser.parse(Task.LIST, "1.0 to 2.0, 4.0 to 5.0"));
        assertEquals(parsed(null), ReplyParser.parse(Task.LIST, "none"));
        assertEquals(Optional.of(List.of(new Interval(1, 2))), ReplyParser.list("1.0 to 2.0"));
        assertEquals(parsed("B", new Interval(3, 7)), ReplyParser.parse(Task.GQA, "(B) 3.0 to 7.0"));
        for (Task task : Task.values()) {
            for (String reply : List.of(
                    "",
                    "None",
                    "3.0 to",
                    "3.0 to 7.0,",
                    "3.0  to 7.0",
                    "(b) 3 to 7",
                    "3.0 to 7.0\n3.0 to 7.0",
                    "3.0 to 7.0.",
                    "3. to 7",
                    "-3 to 7",
                    "1234567 to 2",
                    "NaN to 2",
                    "٣ to ٧",
                    "9".repeat(5000))) {
                assertEquals(Optional.empty(), ReplyParser.parse(task, reply), task + ": " + reply);
            }
        }
    }

    @Test
    void theStrictParserHoldsTheWholeReplyAgainstTheTemplatesForm() {
        PromptTemplate strict = PromptTemplate.named("timer1:strict");
        ParsedReply read = strict.read(Task.VTG, "<think>1 to 2 < 3</think> \n\n<answer>12.54 to 17.83</answer>\n");
        assertEquals(parsed(null, new Interval(12.54, 17.83)), read.parsed());
        assertTrue(read.formatted());
        for (String reply : List.of(
                "<answer>1 to 2</answer>",
                "<think></think><answer>1 to 2",
                "<think>a</think><answer> 1 to 2</answer>",
                "<think></think>x<answer>1 to 2</answer>",
                "<think></think></think><answer>1 to 2</answer>",
                "<think></think><answer>1 to 2</answer>.",
                "<think></think><answer>1 to 2, 3 to 4</answer>")) {
            assertEquals(Optional.empty(), strict.read(Task.VTG, reply).parsed(), reply);
            assertFalse(strict.read(Task.VTG, reply).formatted(), reply);
        }
        assertEquals(
                parsed(null, new Interval(1, 2), new Interval(3, 4)),
                strict.read(Task.LIST, "<think></think><answer>1 to 2, 3 to 4</answer>")
                        .parsed());
        assertEquals(
                parsed(null),
                strict.read(Task.LIST, "<think>Nothing.</think><answer>none</answer>")
                        .parsed());
    }

    @Test
    void theLenientParserTakesEveryUsualNotation() {
        Interval range = new Interval(12.5, 65);
        for (String reply : List.of(
                "12.5 to 65",
                "12.5s - 65s",
                "from 12.5 seconds until 1:05.",
                "It is 00:12.5–00:01:05!",
                "between 12.5 and 65 sec",
                "12.5 s,65",
                "[12.5, 65.0]",
                "(12.5,65)",
                "start: 12.5, end: 65",
                "١٢.٥ to ٦٥",
                "Starts at 12.5 s. It ends when the clock shows 65.",
                "<think>1 to 2</think> 12.5 through 65",
                "<answer>12.5~65</answer> or 3 to 4",
                "1 to 2, or rather 12.5 till 1:05",
                "12.5\u00a0to\n65",
                "12.5 sec to 65 seconds")) {
            assertEquals(parsed(null, range), lenient(Task.VTG, reply), reply);
        }
        assertEquals(parsed(null, new Interval(120, 3723.5)), lenient(Task.VTG, "2 min to 1:02:03.5"));
        assertEquals(parsed(null, new Interval(-3, 5)), lenient(Task.VTG, "-3 to 5"));
        assertEquals(parsed(null, new Interval(9, 5)), lenient(Task.VTG, "9 - 5"));
        assertEquals(parsed(null, new Interval(5, -3)), lenient(Task.VTG, "5 to -3"));
        assertEquals(parsed(null, new Interval(1, 2), new Interval(3, 4)), lenient(Task.LIST, "1-2, 3-4"));
        assertEquals(parsed(null), lenient(Task.LIST, "None."));
        assertEquals(parsed("B", new Interval(1, 2)), lenient(Task.GQA, "<answer>B</answer><glue>[(1, 2)]</glue>"));
        assertEquals(parsed("C", new Interval(1, 2)), lenient(Task.GQA, "Not (A) but (C), at 1-2 s"));
        assertEquals(parsed("C"), lenient(Task.GQA, "<answer>(C)</answer>"));
    }

    @Test
    void whatIsNoTimeIsNotParsed() {
        for (String reply : List.of(
                "",
                "nothing",
                "12",
                "NaN to 5",
                "inf to 5",
                "v2 to b3",
                "1.2.3 to 4.5.6.7",
                "2nd to 3rd",
                "5to",
                "9".repeat(400) + " to " + "9".repeat(500),
                "<answer></answer> 1 to 2")) {
            assertEquals(Optional.empty(), lenient(Task.VTG, reply), reply);
        }
    }

    @Test
    void aMegabyteIsReadLikeAnythingElse() {
        String digits = "9".repeat(1 << 20);
        String pairs = "1 to 2 ".repeat(1 << 17);
        for (PromptTemplate template : HostileReplies.everyParser()) {
            for (Task task : Task.values()) {
                for (String reply : List.of(
                        digits,
                        pairs,
                        "<think>".repeat(1 << 17),
                        "<answer>" + pairs,
                        " ".repeat(1 << 20),
                        "<glue>[" + "(1, 2),".repeat(1 << 17) + "]</glue>",
                        "1:".repeat(1 << 19),
                        "1 - ".repeat(1 << 18),
                        "<time>" + "[".repeat(1 << 20) + "</time>",
                        "</think> ".repeat(1 << 17),
                        "1 " + "to ".repeat(1 << 18))) {
                    template.read(task, reply);
                }
            }
        }
        assertEquals(parsed(null, new Interval(1, 2)), lenient(Task.VTG, pairs));
    }
}
