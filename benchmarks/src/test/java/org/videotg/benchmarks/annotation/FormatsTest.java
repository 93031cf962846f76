package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/** A few hand-written rows of every published format, recognised by their content. */
class FormatsTest {
    @TempDir
    Path folder;

    @Test
    void charadesRowsAreNumberedByVideoAndGetDurationsFromTheCsv() throws IOException {
        String rows = "AB1 1.0 7.5##a person sits.\n\nCD2 0 3##someone waves\r\nAB1 24.3 30.4##person ## twice.\n";
        AnnotationFile file = read("charades-sta", rows);
        assertEquals(
                List.of("AB1#0", "CD2#0", "AB1#1"),
                file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                Annotation.of("AB1#1", "AB1", "person ## twice.")
                        .withDuration(OptionalDouble.empty())
                        .withIntervals(List.of(new Interval(24.3, 30.4))),
                file.annotations().get(2));
        Path csv = Files.writeString(
                folder.resolve("d.csv"),
                "id,script,length\r\nAB1,\"He sits, \"\"twice\"\",\nthen goes.\",30.96\r\nEF3,,12\r\n");
        List<Annotation> timed = AnnotationFile.read(
                        folder.resolve("rows"),
                        AnnotationFile.Settings.defaults().withDurations(csv))
                .annotations();
        assertEquals(
                List.of(OptionalDouble.of(30.96), OptionalDouble.empty(), OptionalDouble.of(30.96)),
                timed.stream().map(Annotation::duration).toList());
    }

    @Test
    void sentencesKeyedByVideoHaveTheirDurationAndAreStripped() throws IOException {
        AnnotationFile file = read("activitynet", """
                {"v_x": {"duration": 12.5, "timestamps": [[0, 7.34], [9, 2]], "sentences": ["One.", " Two."]},
                 "v_y": {"duration": 3, "timestamps": [[1, 2]], "sentences": ["Three"]}}""");
        assertEquals(
                List.of("v_x#0", "v_x#1", "v_y#0"),
                file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                Annotation.of("v_x#1", "v_x", "Two.")
                        .withDuration(OptionalDouble.of(12.5))
                        .withIntervals(List.of(new Interval(9, 2))),
                file.annotations().get(1));
    }

    @Test
    void framesOfTacosBecomeSeconds() throws IOException {
        Annotation row = read("tacos-frames", """
                {"s13.avi": {"timestamps": [[50, 100]], "sentences": ["He cuts."], "fps": 25, "num_frames": 1000}}""").annotations().get(0);
        assertEquals(List.of(new Interval(2, 4)), row.intervals());
        assertEquals(40, row.duration().getAsDouble());
        assertEquals(25, row.fields().get("fps").asDouble());
    }

    @Test
    void windowsOfQvHighlightsStayTogetherAndATestRowIsNotTakenForAnEmptyTruth() throws IOException {
        List<Annotation> rows = read("qvhighlights", """
                {"qid": 7, "query": "A dog runs", "duration": 150, "vid": "a_60.0_210.0", "relevant_windows": [[2, 8], [20, 30]]}
                {"qid": 8, "query": "A cat", "duration": 126, "vid": "b_0.0_126.0"}
                """).annotations();
        assertEquals("7", rows.get(0).id());
        assertEquals(
                List.of(new Interval(2, 8), new Interval(20, 30)), rows.get(0).intervals());
        assertEquals(List.of(), rows.get(1).intervals());
        assertFalse(rows.get(1).isAnnotated());
    }

    @Test
    void rexTimeAsksQuestionsInItsListAndSentencesInItsLines() throws IOException {
        Annotation question = read("rextime", """
                [{"qid": "q1", "vid": "v", "duration": 60.5, "question": "Why?", "answer": "From <s0> to <e0>, <option>.",
                  "options": ["a", "b"], "span": [5, 8], "ans": "B"}]""").annotations().get(0);
        assertEquals(Task.GQA, question.task());
        assertEquals(List.of("a", "b"), question.options());
        assertEquals("B", question.answer());
        assertEquals(
                "From <s0> to <e0>, <option>.",
                question.fields().get("original_answer").asText());
        Annotation blank = read("rextime", """
                [{"qid": "q1", "vid": "v", "duration": 60.5, "question": "Why?", "options": ["a", "b"], "span": [0, 0],
                  "ans": ""}]""").annotations().get(0);
        assertNull(blank.answer());
        Annotation sentence = read("rextime", """
                {"qid": "q1", "query": "Why?", "duration": 150, "vid": "v", "relevant_windows": [[0, 28]], "ans": "A"}""").annotations().get(0);
        assertEquals(Task.VTG, sentence.task());
        assertEquals(List.of(new Interval(0, 28)), sentence.intervals());
    }

    @Test
    void clipsOfTimeR1AndTvgBenchKeepTheirStartAndEnd() throws IOException {
        List<Annotation> rows = read("timer1", """
                [{"video": "./d/a.mp4", "duration": 45.7, "timestamp": [1, 4], "sentence": "x", "qid": "my|a|x",
                  "video_start": 39.0, "video_end": 84.7, "difficulty": 50.0, "pred": [0, 3]},
                 {"video": "./d/b.mp4", "duration": 9, "timestamp": [1, 4], "sentence": "y", "qid": "my|b|y",
                  "video_start": null, "video_end": null, "difficulty": 1.5, "pred": [0, 3]}]""").annotations();
        assertEquals("my|a|x", rows.get(0).id());
        assertEquals(new Clip(39, 84.7), rows.get(0).clip());
        assertFalse(rows.get(1).isClip());
        assertEquals(1.5, rows.get(1).fields().get("difficulty").asDouble());
        Annotation bench = read("tvgbench", """
                [{"path": "./v/k.mp4", "question": "sits.", "answer": "13.4-28.125", "start": null, "end": null,
                  "duration": 30.12, "source": "./raw/Charades_sta-x.v1.json", "qsemtype": "Human Pose"},
                 {"path": "./v/l.mp4", "question": "cuts", "answer": "3-4", "start": 5.5, "end": 9.5, "duration": 4}]""").annotations().get(1);
        assertEquals("tvgbench_1", bench.id());
        assertEquals(new Clip(5.5, 9.5), bench.clip());
        Annotation first =
                AnnotationFile.read(folder.resolve("rows")).annotations().get(0);
        assertEquals("Charades_sta_x_v1_0", first.id());
        assertEquals(List.of(new Interval(13.4, 28.125)), first.intervals());
        assertFalse(first.isClip());
    }

    @Test
    void aClipThatIsNoneMakesABadRow() throws IOException {
        AnnotationFile file = AnnotationFile.read(Files.writeString(folder.resolve("rows"), """
                [{"video": "a.mp4", "duration": 4, "timestamp": [1, 4], "sentence": "x", "video_start": 9, "video_end": 9},
                 {"video": "b.mp4", "duration": 4, "timestamp": [1, 4], "sentence": "x", "video_start": -1, "video_end": null},
                 {"video": "c.mp4", "duration": 4, "timestamp": [1, 4], "sentence": "x", "video_start": 3}]"""));
        assertEquals(
                List.of(new Clip(3, Double.POSITIVE_INFINITY)),
                file.annotations().stream().map(Annotation::clip).toList());
        assertEquals(
                "\"video_start\" and \"video_end\": a clip must begin at 0 s or later and end after it begins,"
                        + " not from 9.00 s to 9.00 s",
                file.bad().get(0).problem());
        assertEquals(2, file.bad().size());
    }

    @Test
    void nextGqaJoinsItsCsvOfQuestions() throws IOException {
        Path csv = Files.writeString(folder.resolve("val.csv"), """
                video_id,frame_count,width,height,question,answer,qid,type,a0,a1,a2
                77,90,4,3,"why, then",sit,1,CW,run,sit,"stand, still"
                """);
        Files.writeString(
                folder.resolve("rows"),
                "{\"77\": {\"duration\": 34, \"location\": {\"1\": [[1.2, 5.8], [9, 10]], \"3\": [[2, 3]]}, \"fps\": 29.97}}");
        AnnotationFile file = AnnotationFile.read(
                folder.resolve("rows"), AnnotationFile.Settings.defaults().withQuestions(csv));
        assertEquals(1, file.annotations().size());
        Annotation row = file.annotations().get(0);
        assertEquals("77_1", row.id());
        assertEquals("why, then", row.query());
        assertEquals(List.of("run", "sit", "stand, still"), row.options());
        assertEquals("B", row.answer());
        assertEquals(2, row.intervals().size());
        assertEquals("CW", row.fields().get("type").asText());
        assertEquals(
                "question 77_3 is not in the csv of questions; give the csv of the same split",
                file.bad().get(0).problem());
    }

    @Test
    void everyFormOfTimeLensIsRead() throws IOException {
        Annotation bench = read("timelens-bench", """
                {"v_x": {"duration": 9.5, "spans": [[1, 2.5], [3, 4]], "queries": ["a", "b"]}}""").annotations().get(1);
        assertEquals(
                Annotation.of("v_x#1", "v_x", "b")
                        .withDuration(OptionalDouble.of(9.5))
                        .withIntervals(List.of(new Interval(3, 4))),
                bench);
        List<Annotation> events = read("timelens", """
                {"video_path": "d/a.mp4", "duration": 9, "source": "didemo", "events": [{"query": "a", "span": [1, 2]},
                """.strip() + " {\"query\": \"b\", \"span\": [[3, 4], [5, 6]]}]}\n")
                .annotations();
        assertEquals(List.of(new Interval(1, 2)), events.get(0).intervals());
        assertEquals(
                List.of(new Interval(3, 4), new Interval(5, 6)), events.get(1).intervals());
        assertEquals("d/a.mp4#1", events.get(1).id());
        assertEquals("didemo", events.get(1).fields().get("source").asText());
        Annotation filtered = read("timelens-filtered", """
                {"source": "s", "video_path": "a.mp4", "duration": 9, "query": "q", "span": [[1, 2]], "iou": 0.5}""").annotations().get(0);
        assertEquals(0.5, filtered.fields().get("iou").asDouble());
    }

    @Test
    void rolloutsOfTimeLens2AreKeptAndTheQueryIsTakenOutOfItsPrompt() throws IOException {
        List<Annotation> rows = read("timelens2", """
                {"source": "s", "data_type": "grounding", "video_path": "d/a.mp4", "duration": 20, "query": "You are given \
                a video.\\nTask: temporal retrieval.\\nGiven the query: \\"a \\"red\\" car\\", return ALL time spans (in \
                seconds) where it is.", "span": [[1, 5], [9, 10]], "rollouts": ["[[1, 5]]", "[(1, 5), (9, 10)]", "none"]}
                {"video_path": "d/a.mp4", "duration": 20, "query": "a dog", "span": [2, 4], "rollouts": [[2, 4], [[3, 2]]]}
                """).annotations();
        assertEquals("a \"red\" car", rows.get(0).query());
        assertTrue(rows.get(0).fields().get("prompt").asText().startsWith("You are given a video."));
        assertEquals(
                List.of(new Interval(1, 5), new Interval(9, 10)), rows.get(0).intervals());
        Rollouts rollouts = Rollouts.of(rows.get(0).sample()).orElseThrow();
        assertEquals(
                List.of(
                        List.of(new Interval(1, 5)),
                        List.of(new Interval(1, 5), new Interval(9, 10)),
                        List.<Interval>of()),
                rollouts.spans());
        assertEquals("none", rollouts.replies().get(2));
        assertEquals("a dog", rows.get(1).query());
        assertEquals(
                List.of(List.of(new Interval(2, 4)), List.of()),
                Rollouts.of(rows.get(1).sample()).orElseThrow().spans());
        List<Annotation> raw = read("timelens2-raw", """
                {"video_id": "v", "annotations": [{"text": "a", "timestamps": [[1, 2]]}, \
                {"text": "b", "timestamps": [[3, 4], [5, 6]]}]}
                """).annotations();
        assertEquals("v#1", raw.get(1).id());
        assertEquals(List.of(new Interval(3, 4), new Interval(5, 6)), raw.get(1).intervals());
        assertEquals(
                Optional.empty(),
                Rollouts.of(raw.get(1).withDuration(OptionalDouble.of(9)).sample()));
    }

    @Test
    void lettersOfVideoChatAreTakenOffItsOptions() throws IOException {
        Annotation row = read("videochat-r1-gqa", """
                [{"id": "4_1", "video": "1104/4.mp4", "question": "why", "options": ["(A) sit", "(B) run"], "duration": 90,
                  "glue": [[13.8, 29.8]], "type": "CW", "answer": "(B)"}]""").annotations().get(0);
        assertEquals(List.of("sit", "run"), row.options());
        assertEquals("B", row.answer());
        assertEquals(List.of(new Interval(13.8, 29.8)), row.intervals());
    }

    private AnnotationFile read(String format, String text) throws IOException {
        AnnotationFile file = AnnotationFile.read(Files.writeString(folder.resolve("rows"), text));
        assertEquals(format, file.format().name());
        assertEquals(List.of(), file.bad());
        return file;
    }
}
