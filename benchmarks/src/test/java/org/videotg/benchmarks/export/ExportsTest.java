package org.videotg.benchmarks.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.benchmarks.export.ExportFormat.Export;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/** The columns that each trainer reads. */
class ExportsTest {
    private static final Sample PLAIN =
            Sample.vtg("p", "v/a.mp4", 31, "A man sits.", List.of(new Interval(24.3, 30.456)));
    private static final Sample CURATED =
            new Curation(0.75, true, List.of(new Interval(1, 2)), false, false).onto(PLAIN);
    private static final Sample QUESTION = new Sample(
            "q",
            "v/a.mp4",
            31,
            "Why?",
            List.of(new Interval(1, 2), new Interval(5, 6)),
            Task.GQA,
            List.of("rain", "sun"),
            "B",
            Map.of());
    private static final Sample NEVER =
            new Sample("n", "v/b.mp4", 31, "It snows", List.of(), Task.LIST, List.of(), null, Map.of());

    @TempDir
    Path folder;

    @Test
    void timeR1HasItsFieldsAndDifficultyAsAnIouInPercent() {
        Path file = folder.resolve("t.json");
        Sample known = PLAIN.withExtra("difficulty", DoubleNode.valueOf(12.5)).withClip(new Clip(7, 50));
        Export export = new TimeR1Export().export(List.of(CURATED, known, QUESTION, NEVER), file);
        JsonNode rows = Json.parse(AtomicFiles.readString(file), file.toString());
        assertEquals(3, rows.size());
        JsonNode row = rows.get(0);
        assertEquals("v/a.mp4", row.path("video").asText());
        assertEquals("[24.3,30.456]", row.path("timestamp").toString());
        assertEquals("A man sits.", row.path("sentence").asText());
        assertEquals("p", row.path("qid").asText());
        assertTrue(row.path("video_start").isNull() && row.path("pred").isNull());
        assertEquals(25, row.path("difficulty").asDouble());
        assertEquals("[[1.0,2.0]]", row.path("curation").path("reflected").toString());
        assertEquals(12.5, rows.get(1).path("difficulty").asDouble());
        assertEquals(7, rows.get(1).path("video_start").asDouble());
        assertEquals(50, rows.get(1).path("video_end").asDouble());
        assertEquals(List.of("n"), export.leftOut().get("it has no interval, and Time-R1 wants one"));
        assertEquals(List.of("q"), export.cautions().get("it has several intervals, of which Time-R1 sees the first"));
        assertThrows(InputException.class, () -> new TimeR1Export().export(List.of(PLAIN), folder.resolve("t.jsonl")));
    }

    @Test
    void timeLensGathersNeighboursOfAVideo() {
        Path file = folder.resolve("t.jsonl");
        Sample other = Sample.vtg("o", "v/c.mp4", 9, "x", List.of(new Interval(1, 2)));
        new TimeLensExport().export(List.of(CURATED, QUESTION, other, PLAIN), file);
        List<Jsonl.Row> rows = Jsonl.read(file);
        assertEquals(
                List.of("v/a.mp4", "v/c.mp4", "v/a.mp4"),
                rows.stream().map(row -> row.node().path("video_path").asText()).toList());
        JsonNode events = rows.get(0).node().path("events");
        assertEquals("[[24.3,30.456]]", events.get(0).path("span").toString());
        assertEquals(0.75, events.get(0).path("curation").path("difficulty").asDouble());
        assertEquals("[[1.0,2.0],[5.0,6.0]]", events.get(1).path("span").toString());
    }

    @Test
    void tablesHaveTheSameColumnsOfTheSameTypeInEveryRow() {
        for (ExportFormat format : List.of(new EasyR1Export(), new MsSwiftExport(), new LlamaFactoryExport())) {
            Path file = folder.resolve(format.name() + ".jsonl");
            Sample second = new Curation(0, false, List.of(), true, false).onto(QUESTION);
            format.export(List.of(CURATED, second), file);
            List<String> types =
                    Jsonl.read(file).stream().map(row -> types(row.node())).toList();
            assertEquals(types.get(0), types.get(1));
            assertTrue(
                    types.get(0).contains("difficulty=NUMBER") && types.get(0).contains("reflected=STRING"),
                    types.get(0));
            format.export(List.of(PLAIN, QUESTION, NEVER, CURATED), file);
            assertEquals(
                    1,
                    Jsonl.read(file).stream()
                            .map(row -> types(row.node()))
                            .distinct()
                            .count());
            assertFalse(Jsonl.read(file).get(0).node().has("difficulty"), "one of them is not curated");
        }
    }

    @Test
    void conversationsBeginWithTheVideoAndEndWithTheTruth() {
        Path file = folder.resolve("s.json");
        new MsSwiftExport().export(List.of(PLAIN, QUESTION, NEVER), file);
        JsonNode rows = Json.parse(AtomicFiles.readString(file), file.toString());
        JsonNode messages = rows.get(0).path("messages");
        assertTrue(messages.get(0)
                .path("content")
                .asText()
                .startsWith("<video>When does this happen in the video: \"A man sits.\""));
        assertEquals("24.30 to 30.46", messages.get(1).path("content").asText());
        assertEquals("assistant", messages.get(1).path("role").asText());
        assertEquals("[[24.3,30.456]]", rows.get(0).path("solution").asText());
        assertTrue(rows.get(1).path("messages").get(0).path("content").asText().contains("Why?\n(A) rain\n(B) sun\n"));
        assertEquals(
                "(B) 1.00 to 2.00, 5.00 to 6.00",
                rows.get(1).path("messages").get(1).path("content").asText());
        assertEquals(
                "{\"answer\":\"B\",\"intervals\":[[1.0,2.0],[5.0,6.0]]}",
                rows.get(1).path("solution").asText());
        assertEquals("none", rows.get(2).path("messages").get(1).path("content").asText());
        Path easy = folder.resolve("e.json");
        new EasyR1Export().export(List.of(PLAIN), easy);
        assertTrue(Json.parse(AtomicFiles.readString(easy), "rows")
                .get(0)
                .path("problem")
                .asText()
                .startsWith("<video>When"));
        assertEquals(
                "[[24.3,30.456]]",
                Json.parse(AtomicFiles.readString(easy), "rows")
                        .get(0)
                        .path("answer")
                        .asText());
    }

    @Test
    void llamaFactoryKnowsTheFileAndKeepsItsOtherDataSets() throws IOException {
        Files.writeString(folder.resolve("dataset_info.json"), "{\"identity\": {\"file_name\": \"identity.json\"}}");
        Export export = new LlamaFactoryExport().export(List.of(PLAIN), folder.resolve("mine.jsonl"));
        assertEquals(List.of(folder.resolve("mine.jsonl"), folder.resolve("dataset_info.json")), export.files());
        JsonNode info = Json.read(folder.resolve("dataset_info.json"));
        assertEquals("identity.json", info.path("identity").path("file_name").asText());
        assertEquals("mine.jsonl", info.path("mine").path("file_name").asText());
        assertEquals("sharegpt", info.path("mine").path("formatting").asText());
        assertEquals(
                "assistant",
                info.path("mine").path("tags").path("assistant_tag").asText());
    }

    @Test
    void whatATrainerWouldGetWrongIsSaid() {
        Sample clip = PLAIN.withClip(new Clip(7, 50));
        Sample marked = Sample.vtg("m", "v.mp4", 9, "a <video> here", List.of(new Interval(1, 2)));
        Export preview = new EasyR1Export().preview(List.of(clip, marked));
        assertEquals(1, preview.samples());
        assertTrue(preview.cautions().keySet().iterator().next().contains("cut the videos first"));
        assertEquals(List.of("m"), preview.leftOut().get("its text holds <video>, which stands for the video"));
    }

    private static String types(JsonNode row) {
        StringBuilder types = new StringBuilder();
        row.properties()
                .forEach(field -> types.append(field.getKey())
                        .append('=')
                        .append(field.getValue().getNodeType())
                        .append(' '));
        return types.toString();
    }
}
