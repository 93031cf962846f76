package org.videotg.core.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/** Holds the parsers to what the projects' own functions make of 491 replies (bench/reference/golden_parsers.py). */
class PeerParsersTest {
    private static final Sample TRUTH = new Sample(
            "s", "v.mp4", 30, "q", List.of(new Interval(5, 15)), Task.GQA, List.of("red", "blue"), "B", Map.of());

    private static List<JsonNode> rows() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                PeerParsersTest.class.getResourceAsStream("peer-parsers.jsonl"), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> Json.parse(line, "golden")).toList();
        }
    }

    private static void interval(String name, JsonNode row) {
        ParsedReply read =
                PromptTemplate.named(name).read(Task.VTG, row.path("reply").asText());
        JsonNode expected = row.path(name).path("interval");
        List<Interval> interval = expected.isNull()
                ? List.of()
                : List.of(new Interval(
                        expected.path(0).doubleValue(), expected.path(1).doubleValue()));
        assertEquals(interval, read.intervals(), name + ": " + row);
        if (row.path(name).has("formatted")) {
            assertEquals(row.path(name).path("formatted").asBoolean(), read.formatted(), name + ": " + row);
        }
    }

    @Test
    void numbersAndFormatsAgreeWithTheProjects() throws IOException {
        List<JsonNode> rows = rows();
        assertEquals(491, rows.size());
        for (JsonNode row : rows) {
            interval("timer1", row);
            interval("timer1-eval", row);
            interval("timelens", row);
            scores("tvg-r1", Task.VTG, row);
            scores("videochat-r1-gqa", Task.GQA, row);
        }
    }

    private static void scores(String name, Task task, JsonNode row) {
        ParsedReply read =
                PromptTemplate.named(name).read(task, row.path("reply").asText());
        assertEquals(row.path(name).path("iou").doubleValue(), ReplyScores.iou(TRUTH, read), 1e-12, name + ": " + row);
        assertEquals(
                row.path(name).path("answer").doubleValue(),
                ReplyScores.isRight(TRUTH, read) ? 1 : 0,
                name + ": " + row);
        assertEquals(row.path(name).path("formatted").asBoolean(), read.formatted(), name + ": " + row);
    }
}
