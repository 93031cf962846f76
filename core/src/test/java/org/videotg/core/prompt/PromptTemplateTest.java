package org.videotg.core.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class PromptTemplateTest {
    private static final List<Interval> TWO = List.of(new Interval(1, 2), new Interval(4, 9999.5));

    @Test
    void theTextsOfTheEmbeddedModelNeverChange() {
        PromptTemplate own = PromptTemplate.DEFAULT;
        assertEquals("Query: {query}\n", own.before());
        assertEquals("When? Answer: start to end", own.ground());
        assertEquals("List every time, or none", own.list());
        assertEquals("At {time} seconds?", own.yesNo());
        assertEquals("{options} Answer and time?", own.choice());
        assertSame(own, PromptTemplate.named("own"));
        Sample sample = new Sample("s", "v", 9, "Why?", TWO, Task.GQA, List.of("red", "blue"), "A", Map.of());
        assertEquals(
                new PromptTemplate.Text("Query: Why?\n", "(A) red (B) blue Answer and time?"), own.question(sample));
        assertEquals(
                new PromptTemplate.Text("Query: it falls\n", "When? Answer: start to end"),
                own.grounding(" it falls. "));
        assertEquals(
                new PromptTemplate.Text("Query: it falls\n", "At 0.2 seconds?"),
                own.probing("it falls", 0.25),
                "half to even");
        assertEquals("1.0 to 2.0", own.reply(TWO.get(0)));
        assertEquals("1.0 to 2.0, 4.0 to 9999.5", own.reply(TWO));
        assertEquals("none", own.reply(List.of()));
        assertEquals("(C) 1.0 to 2.0", own.reply("C", TWO.subList(0, 1)));
    }

    @Test
    void theRightRepliesAreReadByTheProjectsParserAndByTheStrictOne() {
        for (String name : PromptTemplate.names()) {
            for (PromptTemplate template :
                    List.of(PromptTemplate.named(name), PromptTemplate.named(name + ":strict"))) {
                right(template, Task.VTG, template.reply(TWO.get(0)), new Parsed(TWO.subList(0, 1), null));
                right(template, Task.LIST, template.reply(TWO), new Parsed(TWO, null));
                right(template, Task.LIST, template.reply(List.of()), new Parsed(List.of(), null));
                if (template.choice() != null) {
                    right(
                            template,
                            Task.GQA,
                            template.reply("C", TWO.subList(0, 1)),
                            new Parsed(TWO.subList(0, 1), "C"));
                }
            }
        }
    }

    private static void right(PromptTemplate template, Task task, String reply, Parsed expected) {
        assertEquals(new ParsedReply(reply, Optional.of(expected), true), template.read(task, reply), template.name());
    }

    @Test
    void eachProjectAsksInItsOrderAndChangesTheQueryInItsWay() {
        String query = " A  Person\topens the Door.. ";
        PromptTemplate.Text timer1 = PromptTemplate.named("timer1").grounding(query);
        assertEquals("", timer1.after(), "the video stands behind the text");
        assertTrue(timer1.before()
                .startsWith("To accurately pinpoint the event \"a  person\topens the door.\" in the video, "));
        assertTrue(timer1.before().endsWith("tags. For example: \"12.54 to 17.83\"."), timer1.before());
        PromptTemplate.Text eval = PromptTemplate.named("timer1-eval").grounding(query);
        assertEquals("", eval.before());
        assertTrue(eval.after().contains("\"A  Person\topens the Door..\""));
        assertEquals(
                timer1.before(), eval.after().replace("A  Person\topens the Door..", "a  person\topens the door."));
        assertEquals(
                timer1.before(),
                PromptTemplate.named("timezero")
                        .grounding(query)
                        .before()
                        .replace("either specific timestamps (xx.xx) or time ranges", "either specific time ranges"));
        assertEquals(
                "Please find the visual event described by the sentence 'A Person opens the Door', determining its"
                        + " starting and ending times. The format should be: 'The event happens in <start time> - <end time> seconds'.",
                PromptTemplate.named("timelens").grounding(query).after());
        assertTrue(PromptTemplate.named("tvg-r1")
                .grounding(query)
                .after()
                .endsWith("Now I give you the query: '" + query + "'. "));
        assertEquals(
                "The event happens in 1.0 - 2.0 seconds, 4.0 - 9999.5 seconds.",
                PromptTemplate.named("timelens").reply(TWO));
        assertTrue(PromptTemplate.named("tvg-r1")
                .reply("B", TWO.subList(0, 1))
                .endsWith("</think>\n<time>[1.0, 2.0]</time>\n\\boxed{B}"));
    }

    @Test
    void videoChatWritesOptionsAsPythonDoes() {
        String asked = PromptTemplate.named("videochat-r1-gqa")
                .answering("why?", List.of("(A) it's red", "blue \\ \"x\"", "it's \"y\""))
                .before();
        assertTrue(
                asked.startsWith(
                        "Answer the question: \"why?\" according to the content of the video. Select the answer from "
                                + ":[\"(A) it's red\", '(B) blue \\\\ \"x\"', '(C) it\\'s \"y\"'].\n\nOutput your"),
                asked);
        assertTrue(asked.endsWith("</glue>.\n"));
        InputException lacking = assertThrows(
                InputException.class,
                () -> PromptTemplate.named("videochat-r1-gqa").grounding("it falls"));
        assertTrue(lacking.getMessage().contains("no text \"ground\""), lacking.getMessage());
    }

    @Test
    void whatAQueryHoldsIsNotFilledAgain() {
        assertEquals(
                new PromptTemplate.Text("Query: {query} {video} {options}\n", "When? Answer: start to end"),
                PromptTemplate.DEFAULT.grounding("{query} {video} {options}"));
        assertEquals(
                "(A) {query} {time} Answer and time?",
                PromptTemplate.DEFAULT.answering("q", List.of("{query} {time}")).after());
        assertTrue(PromptTemplate.named("timer1").grounding("{video}").before().contains("\"{video}\""));
    }

    @Test
    void everyTimeIsAskedBehindOnePrefix() {
        for (String name : PromptTemplate.names()) {
            PromptTemplate template = PromptTemplate.named(name);
            assertEquals(
                    template.probing("it falls", 1).before(),
                    template.probing("it falls", 2).before(),
                    name);
            assertTrue(template.probing("it falls", 2.25).after().contains("2.2"), name);
            assertTrue(
                    (template.listing("it falls").before()
                                    + template.listing("it falls").after())
                            .contains("it falls"),
                    name);
        }
    }

    @Test
    void aCopyOfAFileIsTheSameTemplateUnderItsPath(@TempDir Path folder) throws Exception {
        for (String name : PromptTemplate.names()) {
            Path file = Files.writeString(folder.resolve(name + ".yaml"), PromptTemplate.source(name));
            PromptTemplate copy = PromptTemplate.named(file.toString());
            PromptTemplate original = PromptTemplate.named(name);
            assertEquals(file.toString(), copy.name());
            assertEquals(
                    original,
                    new PromptTemplate(
                            name,
                            copy.before(),
                            copy.ground(),
                            copy.list(),
                            copy.yesNo(),
                            copy.choice(),
                            copy.query(),
                            copy.options(),
                            copy.replies(),
                            copy.parser()));
            assertEquals(
                    ReplyParser.LENIENT, PromptTemplate.named(file + ":lenient").parser());
            assertEquals(
                    original,
                    Json.convert(Json.parse(Json.line(original), "t"), PromptTemplate.class, "t"),
                    "as in a manifest");
        }
    }

    @Test
    void whatAFileLeavesOutIsThatOfTheOwnTemplate(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mine.yml"), "ground: 'When does \"{query}\" happen?'\nreplies: {decimals: 3}\n");
        PromptTemplate mine = PromptTemplate.named(file.toString());
        assertEquals(
                "When does \"it falls\" happen?", mine.grounding("it falls.").after());
        assertEquals("1.000 to 2.000", mine.reply(TWO.get(0)));
        assertEquals(
                Optional.of(new Parsed(TWO.subList(0, 1), null)),
                mine.read(Task.VTG, "1 to 2").parsed());
        PromptTemplate older = Json.convert(
                Json.parse(
                        "{\"name\":\"own\",\"before\":\"Query: {query}\\n\","
                                + "\"ground\":\"When? Answer: start to end\","
                                + "\"list\":\"List every time, or none\",\"yesNo\":\"At {time} seconds?\","
                                + "\"choice\":\"{options} Answer and time?\"}",
                        "m"),
                PromptTemplate.class,
                "m");
        assertEquals(PromptTemplate.DEFAULT, older, "manifests of before there were other templates");
    }

    @Test
    void whatIsWrongIsNamedInOneLine(@TempDir Path folder) throws Exception {
        wrong("timer2", "known: own, timer1");
        wrong("timer1:eval", "known: own, timer1");
        wrong(folder.resolve("missing.yaml").toString(), "does not exist");
        Path file = folder.resolve("bad.yaml");
        for (Map.Entry<String, String> bad : Map.ofEntries(
                        Map.entry("ground: when?", "\"ground\" lacks {query}"),
                        Map.entry("list: '{query} {evnt}'", "unknown placeholder {evnt}"),
                        Map.entry("yesNo: '{query}?'", "lacks {time}"),
                        Map.entry("yesNo: '{query} at {time} {video}'", "{time} before {video}"),
                        Map.entry("before: '{query}'", "at least one"),
                        Map.entry("choice: '{query}'", "lacks {options}"),
                        Map.entry("ground: '{query} {video} {video}'", "more than once"),
                        Map.entry("grond: '{query}'", "unknown key \"grond\""),
                        Map.entry("ground: [1]", "must be a text"),
                        Map.entry("ground: '{query}'\nquery: lower", "list of steps"),
                        Map.entry("ground: '{query}'\nquery: [uper]", "\"uper\""),
                        Map.entry("ground: '{query}'\nparser: regex", "known: strict, lenient, timer1"),
                        Map.entry("- a", "mapping"),
                        Map.entry("ground: '{query}'\noptions: table", "known: inline, lines, python"),
                        Map.entry("ground: \"x", "not valid yaml"),
                        Map.entry("ground: '{query}'\nreplies: none", "must be a mapping"),
                        Map.entry("ground: '{query}'\nreplies: {form: a}", "\"replies.form\""),
                        Map.entry("ground: '{query}'\nreplies: {decimals: 7}", "0 to 6"),
                        Map.entry("ground: '{query}'\nreplies: {decimals: one}", "whole number"),
                        Map.entry("ground: '{query}'\nreplies: {separator: ''}", "\"separator\""),
                        Map.entry("ground: '{query}'\nreplies: {interval: '{end} - {start}'}", "{start} and then"),
                        Map.entry("ground: '{query}'\nreplies: {ground: 'at {start}'}", "unknown placeholder {start}"),
                        Map.entry("ground: '{query}'\nreplies: {ground: 'now'}", "exactly one {interval}"),
                        Map.entry("ground: '{query}'\nreplies: {choice: '{interval}'}", "{letter} exactly once"),
                        Map.entry("ground: '{query}'\nreplies: {list: '{think}{intervals}'}", "{think} once"))
                .entrySet()) {
            Files.writeString(file, bad.getKey());
            String message = wrong(file.toString(), bad.getValue());
            assertTrue(message.startsWith(file.toString()), message);
        }
    }

    private static String wrong(String name, String reason) {
        String message = assertThrows(InputException.class, () -> PromptTemplate.named(name), name)
                .getMessage();
        assertTrue(message.contains(reason), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }
}
