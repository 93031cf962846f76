package org.videotg.benchmarks.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;

/** Every format of predictions on a hand-written row, and annotations of every format as scoring reads them. */
class PredictionFileTest {
    private static final Interval TRUTH = new Interval(1.5, 4);

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static Stream<Arguments> annotations() {
        return Stream.of(
                Arguments.of("charades-sta", 0.1, "AB12C#0", "AB12C 1.5 4.0##a cat sleeps.\n"),
                Arguments.of(
                        "activitynet",
                        null,
                        "v_1#0",
                        "{\"v_1\":{\"duration\":9,\"timestamps\":[[1.5,4]],\"sentences\":[\" a " + "cat sleeps.\"]}}"),
                Arguments.of(
                        "tacos-frames",
                        0.001,
                        "s1-d2.avi#0",
                        "{\"s1-d2.avi\":{\"timestamps\":[[15,40]],\"sentences\":[\"a cat sleeps.\"],\"fps\":10,"
                                + "\"num_frames\":90}}"),
                Arguments.of(
                        "qvhighlights",
                        0.001,
                        "s1-d2_0",
                        "{\"qid\":\"s1-d2_0\",\"query\":\"a cat sleeps.\",\"duration\":9,\"vid\":\"s1-d2\","
                                + "\"relevant_windows\":[[1.5,4]]}"),
                Arguments.of(
                        "qvhighlights",
                        2.0,
                        "7",
                        "{\"qid\":7,\"query\":\"a cat sleeps.\",\"duration\":9,\"vid\":\"x_0.0_9.0\","
                                + "\"relevant_windows\":[[1.5,4]],\"relevant_clip_ids\":[1],\"saliency_scores\":[[1,2,3]]}"),
                Arguments.of(
                        "qvhighlights",
                        null,
                        "7",
                        "{\"qid\":7,\"query\":\"a cat sleeps.\",\"vid\":\"x\"," + "\"relevant_windows\":[[1.5,4]]}"),
                Arguments.of(
                        "rextime",
                        1.0,
                        "r1",
                        "[{\"qid\":\"r1\",\"vid\":\"x\",\"duration\":9,\"question\":\"a cat sleeps.\","
                                + "\"options\":[\"p\",\"q\"],\"span\":[1.5,4],\"ans\":\"B\"}]"),
                Arguments.of(
                        "timer1",
                        null,
                        "my|x",
                        "[{\"video\":\"a/x.mp4\",\"duration\":9,\"timestamp\":[1.5,4],"
                                + "\"sentence\":\"a cat sleeps.\","
                                + "\"qid\":\"my|x\"}]"),
                Arguments.of(
                        "tvgbench",
                        null,
                        "my_set_v1_0",
                        "[{\"path\":\"a/x.mp4\",\"question\":\"a cat sleeps.\","
                                + "\"answer\":\"1.5-4\","
                                + "\"duration\":9,\"source\":\"b/my-set.v1.json\"}]"),
                Arguments.of(
                        "nextgqa", 0.1, "12_3", "{\"12\":{\"duration\":9,\"location\":{\"3\":[[1.5,4]]},\"fps\":30}}"),
                Arguments.of(
                        "videochat-r1-gqa",
                        0.1,
                        "12_3",
                        "[{\"id\":\"12_3\",\"video\":\"1/12.mp4\",\"question\":\"a cat sleeps.\","
                                + "\"options\":[\"(A) p\","
                                + "\"(B) q\"],\"duration\":9,\"glue\":[[1.5,4]],\"type\":\"CW\",\"answer\":\"(B)\"}]"),
                Arguments.of(
                        "timelens-bench",
                        null,
                        "x#0",
                        "{\"x\":{\"duration\":9,\"spans\":[[1.5,4]],\"queries\":[\"a cat sleeps.\"]}}"),
                Arguments.of(
                        "timelens",
                        null,
                        "a/x.mp4#0",
                        "{\"source\":\"s\",\"video_path\":\"a/x.mp4\",\"duration\":9,"
                                + "\"events\":[{\"query\":\"a cat sleeps.\",\"span\":[[1.5,4]]}]}"),
                Arguments.of(
                        "timechat",
                        null,
                        "0",
                        "{\"annotations\":[{\"image_id\":\"x.mp4\",\"caption\":\"a cat sleeps.\",\"timestamp\":[1.5,4],"
                                + "\"id\":0}]}"),
                Arguments.of(
                        "timelens-filtered",
                        null,
                        "x.mp4#0",
                        "[{\"video_path\":\"x.mp4\",\"query\":\"a cat sleeps.\",\"duration\":9,"
                                + "\"span\":[[1.5,4]],"
                                + "\"pred\":[[0,9]],\"conf\":[0]}]"),
                Arguments.of(
                        "own",
                        null,
                        "a1",
                        "{\"id\":\"a1\",\"video\":\"x.mp4\",\"duration\":9,\"query\":\"a cat sleeps.\","
                                + "\"intervals\":[[1.5,4]],\"task\":\"vtg\"}"));
    }

    @ParameterizedTest
    @MethodSource("annotations")
    void annotationsAreRecognised(String format, Double unit, String id, String text) throws IOException {
        List<AnnotationFile> read = AnnotationFile.readAll(List.of(file("a", text)));
        assertEquals(format, read.get(0).format().name());
        assertEquals(unit, VideoMindProfile.unit(read, List.of()));
        Annotation row = read.get(0).annotations().get(0);
        assertEquals(id, row.id());
        assertEquals(List.of(TRUTH), row.intervals());
        assertTrue(row.query().isEmpty() || row.query().equals("a cat sleeps."));
    }

    @Test
    void filesCompleteEachOther() throws IOException {
        Path rows = file("sta.txt", "AB12C 1 2##x\nZZ 3 4##y\nAB12C 5 6##z\n");
        Path durations = file("d.csv", "id,script,length\nAB12C,\"one, \"\"two\"\"\nthree\",9.5\nZZ,,8\n");
        List<AnnotationFile> files = AnnotationFile.readAll(List.of(rows, durations));
        assertEquals(1, files.size());
        assertEquals(
                List.of(9.5, 8.0, 9.5),
                files.get(0).annotations().stream()
                        .map(row -> row.duration().getAsDouble())
                        .toList());
        for (String name : List.of("ZZ#0", "ZZ_0", "1", "charades_2", "ZZ>>>y>>>[3.0, 4.0]")) {
            Pairing pairing = Pairing.join(files, List.of(PredictedRow.of(name)));
            assertEquals(name, pairing.pairs().get(1).prediction().key());
        }
        Path located = file("g.json", "{\"12\":{\"duration\":9,\"location\":{\"3\":[[1.5,4]]}}}");
        Path questions = file("q.csv", "video_id,question,answer,qid,type,a0,a1\n12,why,\"be, q\",3,TP,p,\"be, q\"\n");
        Annotation asked = AnnotationFile.readAll(List.of(located, questions))
                .get(0)
                .annotations()
                .get(0);
        assertEquals(List.of("why", "B"), List.of(asked.query(), asked.answer()));
        assertEquals("TP", asked.fields().get("type").asText());
        assertTrue(asked.isAnnotated());
    }

    @Test
    void theAnswerOfNextQaIsAnIndexAndThatOfNextGqaAText() throws IOException {
        Path index = file("nextqa.csv", "video,question,answer,qid,type,a0,a1\n12,how many,1,3,CW,1,2\n");
        Path text = file("nextgqa.csv", "video_id,question,answer,qid,type,a0,a1\n12,how many,1,3,CW,1,2\n");
        assertEquals(
                "B",
                AnnotationFile.readAll(List.of(index))
                        .get(0)
                        .annotations()
                        .get(0)
                        .answer());
        assertEquals(
                "A",
                AnnotationFile.readAll(List.of(text))
                        .get(0)
                        .annotations()
                        .get(0)
                        .answer());
    }

    private PredictedRow predicted(String text) throws IOException {
        List<PredictedRow> rows = PredictionFile.read(List.of(file("p", text)));
        assertEquals(1, rows.size());
        return rows.get(0);
    }

    @Test
    void ofOurOwnRowsTheLetterIsTheOneThatTheRunsParserRead() throws IOException {
        String row =
                "{\"id\":\"a\",\"intervals\":[[1,2]],\"reply\":\"<answer>C</answer>\",\"iou\":0,\"answer\":{\"letter\":%s}}";
        assertEquals("C", predicted(row.formatted("\"C\"")).choice().answer());
        assertEquals("", predicted(row.formatted("null")).choice().answer(), "a wrong answer, not a missing one");
    }

    @Test
    void predictionsAreRecognised() throws IOException {
        PredictedRow own = predicted("{\"id\":\"a\",\"intervals\":[[1,2]],\"reply\":\"(B) 1.0 to 2.0\",\"iou\":0}");
        assertEquals(
                List.of("a", "(B) 1.0 to 2.0", "B"),
                List.of(own.key(), own.reply(), own.choice().answer()));
        PredictedRow submission = predicted(
                "{\"qid\":7,\"pred_relevant_windows\":[[1,2,0.5],[3,4,0.7]]," + "\"pred_saliency_scores\":[1,-2]}");
        assertEquals(List.of(0.5, 0.7), submission.windows().scores());
        assertEquals(List.of(1.0, -2.0), submission.saliency());
        assertEquals("C", predicted("{\"qid\":\"r\",\"ans\":\"C\"}").choice().answer());
        PredictedRow timeR1 = predicted(
                "{\"qid\":\"q\",\"pred\":[null,null],\"target\":[1,2],\"duration\":9," + "\"output_text\":\"x\"}");
        assertEquals(List.of(), timeR1.spans());
        assertEquals(List.of(new Interval(1, 2)), timeR1.annotation().intervals());
        PredictedRow lens = predicted(
                "{\"x.mp4>>>a>b.>>>[1.5, 4]\":{\"timestamps\":[[1,4]],\"answers\":\"1 - 4\"," + "\"duration\":9}}");
        assertEquals(
                List.of("x>>>a>b>>>[1.5, 4.0]", "timelens"),
                List.of(lens.key(), lens.windows().finalFor()));
        assertEquals(
                "1 - 4", predicted("{\"x.mp4>>>a>>>[[1, 2.5]]\":\"1 - 4\"}").reply());
        assertEquals(
                List.of(new Span(3, 4)),
                predicted("{\"17\":{\"timestamp\":[[3,4]],\"query\":\"a\",\"vid\":\"x.mp4\"}}")
                        .spans());
        assertEquals(List.of(new Span(3, 4)), predicted("{\"12_3\":[3,4]}").spans());
        PredictedRow answer = predicted("{\"12_3\":{\"prediction\":4,\"answer\":0}}");
        assertEquals(
                List.of("E", "A"),
                List.of(answer.choice().answer(), answer.choice().right()));
        PredictedRow mind =
                predicted("[{\"vid\":\"x\",\"question\":\"a\",\"options\":[\"p\"],\"ans\":\"A\",\"span\":[[1,"
                        + "2]],\"pred\":[[0,9]],"
                        + "\"conf\":[0],\"duration\":9,\"grounder_success\":false,\"response\":\"(A)\"}]");
        assertTrue(mind.windows().failed());
        assertEquals("(A)", mind.choice().answer());
        PredictedRow log =
                predicted("{\"video_path\":\"d/x.mp4\",\"query\":\"a\",\"answer\":\"1 to 2\",\"timestamp\":[1,2],"
                        + "\"iou\":1,\"ans\":[1,2]}");
        assertEquals("x>>>a>>>[1.0, 2.0]", log.key());
        PredictedRow gqa =
                predicted("{\"video_path\":\"x.mp4\",\"prompt\":\"?\",\"gt\":{\"answer\":\"(B)\",\"glue\":[[1,"
                        + "2]]},\"pred\":\"r\",\"acc\":1,"
                        + "\"iou\":0.5}");
        assertEquals(List.of("r", "B"), List.of(gqa.reply(), gqa.annotation().answer()));
    }

    @Test
    void intervalsAndAnswersOfTwoFilesAreOneRow() throws IOException {
        List<AnnotationFile> truths =
                AnnotationFile.readAll(List.of(file("g", "{\"12\":{\"location\":{\"3\":[[1.5,4]],\"4\":[[1,2]]}}}")));
        Pairing pairing = Pairing.join(
                truths,
                PredictionFile.read(List.of(
                        file("i", "{\"12_3\":[3,4],\"13_0\":[1,2]}"),
                        file("q", "{\"12_3\":{\"prediction\":1,\"answer\":1}}"))));
        assertEquals(List.of("13_0"), pairing.unmatched());
        assertEquals("B", pairing.pairs().get(0).prediction().choice().answer());
        assertEquals(
                List.of(new Span(3, 4)), pairing.pairs().get(0).prediction().spans());
        assertNull(pairing.pairs().get(1).prediction());
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(
                        "{\"qid\":1,\"query\":\"x\",\"vid\":\"v\",\"relevant_windows\":[[1]]}", "a pair [start, end]"),
                Arguments.of(
                        "{\"qid\":1,\"query\":\"x\",\"vid\":\"v\",\"relevant_windows\":[[1,2]]}\n{\"qid\":2}",
                        ":2: \"vid\" must be text, not nothing"),
                Arguments.of("{\"qid\":1,\"vid\":\"v\",\"relevant_windows\":[[1,2]]}", "\"query\" must be text"),
                Arguments.of(
                        "{\"v\":{\"timestamps\":[[1,2]],\"sentences\":[]}}",
                        "as many \"timestamps\" as \"sentences\", not 1 and 0"),
                Arguments.of("AB 1##x", ":1: a row must be"),
                Arguments.of(
                        "AB 1 b##x", ":1: a row must be \"VIDEO START END##SENTENCE\" with seconds, not \"AB 1 b##x\""),
                Arguments.of("{\"a\":1}", "not a known annotation format"),
                Arguments.of("", "holds no row"),
                Arguments.of("id,length\nx,soon\n", "\"length\" must be a positive number"),
                Arguments.of("id,length\nx\n", "1 fields where the header names 2"),
                Arguments.of("id,length\nx,\"3\n", "losing quote"),
                Arguments.of("id,length\nx,3\n", "annotate nothing"),
                Arguments.of("video,qid,answer,a0\nx,1,2,p\n", "one of its options"),
                Arguments.of("[3]", "must be a JSON object"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenAnnotationsAreNamed(String text, String says) throws IOException {
        Path file = file("broken", text);
        String message = assertThrows(InputException.class, () -> AnnotationFile.readAll(List.of(file)))
                .getMessage();
        assertTrue(message.contains(says) && message.lines().count() == 1, message);
    }

    @Test
    void brokenPredictionsAreNamed() throws IOException {
        for (String text : List.of(
                "{\"a\":3}",
                "{}",
                "{\"id\":\"a\",\"intervals\":[[1,\"x\"]]}",
                "[]",
                "{\"x>>>y\":\"1 to 2\"}",
                "{",
                "{\"qid\":1,\"pred_relevant_windows\":[[1,2],[1,2,3]]}",
                "nothing")) {
            Path file = file("broken", text);
            String message = assertThrows(InputException.class, () -> PredictionFile.read(List.of(file)), text)
                    .getMessage();
            assertTrue(message.contains("broken") && message.lines().count() == 1, message);
        }
    }
}
