package org.videotg.benchmarks.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.AnnotationFormat;
import org.videotg.benchmarks.export.ExportFormat.Export;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;

/**
 * Hand-written rows, odd ones among them, of every format that is read, through every format that is written and back.
 */
class FormatMatrixTest {
    private static final Map<String, String> ROWS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "charades-sta", "AB1 1.0 7.5##a person sits.\nAB1 24.3 32##beyond ## the end\nAB1 9 2##reversed\n"),
            Map.entry("activitynet", """
                    {"v_x": {"duration": 55.15, "timestamps": [[0, 55.150000000000006], [9, 2]], "sentences": ["One.", " Zü"]},
                     "v_y": {"duration": 3, "timestamps": [[1, 1]], "sentences": ["Three"], "split": "x"}}"""),
            Map.entry("tacos-frames", """
                    {"s13.avi": {"timestamps": [[51, 100], [51, 100]], "sentences": ["Cuts.", "Cuts."], "fps": 29.4,
                      "num_frames": 1000}}"""),
            Map.entry(
                    "qvhighlights",
                    """
                    {"qid": 7, "query": "A dog", "duration": 150, "vid": "a_60.0_210.0", "relevant_windows": [[2, 8], [20, 30]],
                    """.strip() + " \"relevant_clip_ids\": [1, 2], \"saliency_scores\": [[1, 2, 3], [4, 4, 4]]}\n"),
            Map.entry("rextime", """
                    [{"qid": "q1", "vid": "v", "duration": 60.5, "question": "Why?", "answer": "From <s0> to <e0>, <option>.",
                      "options": ["a", "b"], "span": [5, 8], "ans": "B"},
                     {"qid": "q2", "vid": "v", "duration": 60.5, "question": "Why?", "options": ["a", "b"], "span": [0, 0],
                      "ans": ""}]"""),
            Map.entry("timer1", """
                    [{"video": "./d/a.mp4", "duration": 45.7, "timestamp": [1, 4], "sentence": "x", "qid": "my|a|x",
                      "video_start": 39.0, "video_end": 84.7, "difficulty": 50.0, "pred": [0, 3]},
                     {"video": "./d/b.mp4", "duration": 9, "timestamp": [-1, 14], "sentence": "y", "qid": "my|b|y",
                      "video_start": null, "video_end": null, "difficulty": 1.5, "pred": [0, 3]}]"""),
            Map.entry("tvgbench", """
                    [{"path": "./v/k.mp4", "question": "sits.", "answer": "13.4-28.125", "start": null, "end": null,
                      "duration": 30.12, "source": "./raw/Charades_sta-x.v1.json", "qsemtype": "Human Pose"},
                     {"path": "./v/l.mp4", "question": "cuts", "answer": "3-3", "start": 5.5, "end": 9.5, "duration": 4}]"""),
            Map.entry("nextgqa", """
                    {"77": {"duration": 34, "location": {"1": [[1.2, 5.8], [9, 35]]}, "fps": 29.97}}"""),
            Map.entry("timelens-bench", """
                    {"v_x": {"duration": 9.5, "spans": [[1, 2.5], [3, 4]], "queries": ["a", "b"]}}"""),
            Map.entry("timelens", """
                    {"video_path": "d/a.mp4", "duration": 9, "source": "didemo", "events": [{"query": "a", "span": [1, 2]}, \
                    {"query": "b", "span": [[3, 4], [5, 6]]}]}
                    """),
            Map.entry("timelens-filtered", """
                    {"source": "s", "video_path": "a.mp4", "duration": 9, "query": "q", "span": [[1, 2]], "iou": 0.5}
                    """),
            Map.entry("timelens2", """
                    {"source": "s", "video_path": "a.mp4", "duration": 9, "query": "When does 'q' happen in the video?", \
                    "span": [[1, 2], [3, 4]], "rollouts": ["[[1, 2]]", "no"], "reward": "tiou"}
                    """),
            Map.entry("timelens2-raw", """
                    {"video_id": "77", "annotations": [{"text": "q", "timestamps": [[1, 2], [3, 4]]}]}
                    """),
            Map.entry(
                    "nextqa", "video,frame_count,question,answer,qid,type,a0,a1\n77,90,\"why, then\",1,1,CW,run,sit\n"),
            Map.entry("timechat", """
                    {"annotations": [{"image_id": "AB1.mp4", "caption": "sits.", "timestamp": [1, 2.5], "id": 7}]}"""),
            Map.entry("videochat-r1-gqa", """
                    [{"id": "4_1", "video": "1104/4.mp4", "question": "why", "options": ["(A) sit", "(B) run"], "duration": 90,
                      "glue": [[13.8, 29.8], [40, 50]], "type": "CW", "answer": "(B)"}]"""),
            Map.entry("own", """
                    {"id": "a", "video": "v.mp4", "video_start": 2.5, "duration": 9, "query": "q", "intervals": [[1, 2]], "n": 1}
                    """)));

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return ROWS.keySet().stream()
                .filter(read -> !read.equals("nextqa"))
                .flatMap(read -> ExportFormat.all().stream().map(write -> Arguments.of(read, write.name())));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void samplesComeBackTheSame(String read, String write) throws IOException {
        Path durations = Files.writeString(folder.resolve("d.csv"), "id,length\nAB1,30.96\n77,34\n");
        Path questions = Files.writeString(
                folder.resolve("q.csv"),
                "video_id,question,answer,qid,type,a0,a1,a2\n77,\"why, then\",sit,1,CW,run,sit,\"stand, still\"\n");
        Path rows = Files.writeString(folder.resolve("rows"), ROWS.get(read));
        AnnotationFile file = AnnotationFile.read(
                rows,
                AnnotationFile.Settings.defaults().withDurations(durations).withQuestions(questions));
        assertEquals(read, file.format().name());
        assertEquals(List.of(), file.bad());
        List<Sample> samples =
                file.annotations().stream().map(Annotation::sample).toList();
        Path written =
                folder.resolve("written" + (List.of("timer1", "llama-factory").contains(write) ? ".json" : ".jsonl"));
        Export export = ExportFormat.named(write).export(samples, written);
        assertEquals(Map.of(), export.leftOut());
        AnnotationFile back = AnnotationFile.read(written);
        assertEquals(write, back.format().name());
        assertEquals(
                samples, back.annotations().stream().map(Annotation::sample).toList());
    }

    @Test
    void questionsWithoutIntervalsAreWrittenAsOurOwnAlone() throws IOException {
        Path durations = Files.writeString(folder.resolve("d.csv"), "id,length\n77,34\n");
        Path rows = Files.writeString(folder.resolve("rows"), ROWS.get("nextqa"));
        AnnotationFile file =
                AnnotationFile.read(rows, AnnotationFile.Settings.defaults().withDurations(durations));
        assertEquals("nextqa", file.format().name());
        List<Sample> samples =
                file.annotations().stream().map(Annotation::sample).toList();
        Path written = folder.resolve("written.jsonl");
        for (ExportFormat format : ExportFormat.all()) {
            if (format instanceof VideotgExport) {
                format.export(samples, written);
                assertEquals(
                        samples,
                        AnnotationFile.read(written).annotations().stream()
                                .map(Annotation::sample)
                                .toList());
            } else {
                assertThrows(InputException.class, () -> format.export(samples, written));
            }
        }
    }

    /** What only this project writes is read in {@link RoundTripTest}. */
    @Test
    void noFormatIsMissing() {
        TreeSet<String> all = new TreeSet<>(ROWS.keySet());
        ExportFormat.all().forEach(format -> all.add(format.name()));
        assertEquals(new TreeSet<>(AnnotationFormat.names()), all);
        assertTrue(all.size() > ROWS.size());
    }
}
