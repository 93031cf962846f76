package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.reflection.ReviewDecision.Choice;

/** Tasks for Label Studio, and annotations as it exports them; videos of 40 frames at 10 frames a second. */
class LabelStudioTest {
    @TempDir
    private static Path folder;

    private static ReviewData data;
    private static LabelStudio.Tasks made;

    @BeforeAll
    static void write() throws Exception {
        SmallReview review = SmallReview.write(folder);
        data = review.read();
        made = LabelStudio.tasks(data, data.filtered(Filter.PENDING, Decisions.NONE), folder, "/data/local-files/?d=");
    }

    private static ObjectNode task(String id) {
        return made.tasks().stream()
                .filter(task -> task.path("data").path("id").asText().equals(id))
                .findFirst()
                .orElseThrow()
                .deepCopy();
    }

    private static JsonNode prediction(ObjectNode task, String name) {
        for (JsonNode prediction : task.path("predictions")) {
            if (prediction.path("model_version").asText().equals(name)) {
                return prediction.path("result");
            }
        }
        throw new AssertionError(name + " in " + task);
    }

    private static JsonNode range(JsonNode result, int at) {
        return result.path(at).path("value").path("ranges").path(0);
    }

    /** An export with one annotation of a task. */
    private static ArrayNode export(ObjectNode task, JsonNode result) {
        task.putArray("annotations")
                .addObject()
                .put("completed_by", 7)
                .put("updated_at", "2026-11-29T00:00:00Z")
                .set("result", result);
        return Json.MAPPER.createArrayNode().add(task);
    }

    private static ReviewDecision only(ArrayNode export) {
        LabelStudio.Decided decided = LabelStudio.decisions(export, data);
        assertEquals(Map.of(), decided.skipped());
        assertEquals(1, decided.decisions().size());
        return decided.decisions().get(0);
    }

    @Test
    void tasksStateIntervalsInFramesFromOne() {
        assertEquals(4, made.tasks().size());
        ObjectNode task = task("s0");
        assertEquals(
                "/data/local-files/?d=videos/v0.mp4",
                task.path("data").path("video").asText());
        assertEquals(10, task.path("data").path("fps").asDouble());
        JsonNode annotation = range(prediction(task, "annotation"), 0);
        assertEquals(11, annotation.path("start").asInt());
        assertEquals(21, annotation.path("end").asInt());
        JsonNode both = prediction(task, "annotation and reflected spans");
        assertEquals(31, range(both, 1).path("start").asInt());
        assertEquals(40, range(both, 1).path("end").asInt(), "3.9 s is the frame 40");
        assertEquals(26, range(prediction(task, "zero-shot 1"), 0).path("end").asInt());
        assertEquals(
                SmallReview.MARKUP,
                task("s/1 \"<b>\"").path("data").path("query").asText());
    }

    @Test
    void whatIsAcceptedAsItIsKeepsTheAnnotation() {
        ReviewDecision kept = only(export(task("s0"), prediction(task("s0"), "annotation")));
        assertEquals(Choice.KEEP, kept.choice());
        assertEquals("label-studio 7", kept.reviewer());
        assertEquals("2026-11-29T00:00:00Z", kept.time());
        ReviewDecision repaired = only(export(task("s3"), prediction(task("s3"), "annotation and reflected spans")));
        assertEquals(Choice.REPAIR, repaired.choice());
        assertEquals(List.of(new Interval(1, 2), new Interval(3, 3.6)), repaired.intervals());
    }

    @Test
    void aMovedBoundaryMovesByItsFrames() {
        ArrayNode result = prediction(task("s0"), "annotation").deepCopy();
        ((ObjectNode) range(result, 0)).put("end", 24);
        assertEquals(
                List.of(new Interval(1, 2.3)), only(export(task("s0"), result)).intervals());
        ((ObjectNode) range(result, 0)).put("start", 5).put("end", 5);
        assertEquals(
                List.of(new Interval(0.4, 0.5)),
                only(export(task("s0"), result)).intervals(),
                "a single click");
        ((ObjectNode) range(result, 0)).put("start", 5).put("end", 40);
        assertEquals(
                List.of(new Interval(0.4, 3.9)),
                only(export(task("s0"), result)).intervals(),
                "as reflected");
        assertEquals(
                List.of(new Interval(0.4, 4)), only(export(task("s3"), result)).intervals(), "the video's end");
    }

    /** At any rate, the frame of a frame's time is that frame. */
    @Test
    void everyFrameIsHitAgain() {
        for (double fps : new double[] {8, 10, 23.976, 24, 25, 30000 / 1001.0, 30, 50, 59.94, 60}) {
            FrameTimes times = new FrameTimes(fps, 100_000);
            for (int frame = 1; frame < 100_000; frame++) {
                assertEquals(frame, times.frame(Math.round(times.start(frame) * 1e4) / 1e4));
                assertEquals(frame, times.frame(times.end(frame)));
            }
            assertEquals(100_000 / fps, times.end(100_000));
            assertEquals(100_000, times.frame(times.end(100_000)));
        }
    }

    private static ArrayNode choice(String value) {
        ArrayNode result = Json.MAPPER.createArrayNode();
        result.addObject()
                .put("type", "choices")
                .put("from_name", "decision")
                .putObject("value")
                .putArray("choices")
                .add(value);
        return result;
    }

    @Test
    void choicesAreDecisions() {
        assertEquals(Choice.DISCARD, only(export(task("s0"), choice("discard"))).choice());
        assertEquals(Choice.UNSURE, only(export(task("s0"), choice("unsure"))).choice());
        assertEquals(Choice.KEEP, only(export(task("s0"), choice("keep"))).choice());
        assertThrows(InputException.class, () -> only(export(task("s0"), choice("perhaps"))));
    }

    @Test
    void whatIsNoDecisionIsCounted() {
        ArrayNode empty = Json.MAPPER.createArrayNode();
        empty.addObject().put("type", "timelinelabels").putObject("value").putArray("timelinelabels");
        LabelStudio.Decided decided = LabelStudio.decisions(export(task("s0"), empty), data);
        assertEquals(1, decided.withoutRanges());
        assertEquals(Map.of("no moment and no decision", List.of("s0")), decided.skipped());
        assertTrue(refusal(export(task("s0"), choice("repair"))).contains("without a moment"));
        ArrayNode kept = choice("keep").addAll((ArrayNode) prediction(task("s3"), "annotation and reflected spans"));
        assertTrue(refusal(export(task("s3"), kept)).contains("other moments"));
        ArrayNode skipped = export(task("s0"), choice("keep"));
        ((ObjectNode) skipped.path(0).path("annotations").path(0)).put("was_cancelled", true);
        assertTrue(refusal(skipped).contains("skipped"));
        ObjectNode other = task("s0");
        ((ObjectNode) other.path("data")).put("sample", "0");
        assertTrue(refusal(export(other, choice("keep"))).contains("another version"));
        ((ObjectNode) other.path("data")).put("id", "gone");
        assertTrue(refusal(export(other, choice("keep"))).contains("not in the data"));
        assertThrows(InputException.class, () -> LabelStudio.decisions(Json.MAPPER.createObjectNode(), data));
    }

    private static String refusal(ArrayNode export) {
        LabelStudio.Decided decided = LabelStudio.decisions(export, data);
        assertEquals(List.of(), decided.decisions());
        return decided.skipped().keySet().iterator().next();
    }
}
