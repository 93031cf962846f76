package org.videotg.benchmarks.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.benchmarks.metric.Prediction.GroundedAnswer;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class AnswerMetricsTest {
    private static Sample question(String answer, Interval... intervals) {
        return new Sample(
                "q", "v.mp4", 20, "what?", List.of(intervals), Task.GQA, List.of("red", "green"), answer, Map.of());
    }

    private static Prediction read(Sample sample, String reply) {
        return Prediction.of(sample, PromptTemplate.DEFAULT.read(sample.task(), reply));
    }

    @Test
    void anAnswerIsGroundedIfHalfOfThePredictedTimeLiesInTheAnnotation() {
        Sample sample = question("B", new Interval(4, 8));
        AnswerMetrics metrics = AnswerMetrics.of(List.of(
                        read(sample, "(B) 4.0 to 8.0"),
                        read(sample, "(B) 6.0 to 10.0"),
                        read(sample, "(B) 7.0 to 10.0"),
                        read(sample, "(A) 5.0 to 6.0"),
                        read(sample, "no idea")))
                .orElseThrow();
        assertEquals(3 / 5.0, metrics.accQa());
        assertEquals(2 / 5.0, metrics.accGqa(), "the threshold itself counts, 1/3 does not, nor does a wrong option");
        assertEquals((1 + .5 + 1 / 3.0 + 1 + 0) / 5, metrics.miop(), 1e-12);
        assertEquals(4 / 5.0, metrics.iopAt03());
        assertEquals(3 / 5.0, metrics.iopAt05());
        assertEquals((1 + 2 / 6.0 + 1 / 6.0 + .25 + 0) / 5, metrics.miou(), 1e-12);
        assertEquals(2 / 5.0, metrics.iouAt03());
        assertEquals(1 / 5.0, metrics.iouAt05());
        assertEquals(5, metrics.n());
    }

    @Test
    void severalAnnotatedIntervalsCountTogether() {
        Prediction prediction = read(question("A", new Interval(0, 4), new Interval(6, 10)), "(A) 2.0 to 8.0");
        assertEquals(4 / 6.0, prediction.answer().iop(), 1e-12);
        assertEquals(4 / 10.0, prediction.iou(), 1e-12);
    }

    @Test
    void sentencesAndQuestionsWithoutAKnownAnswerAreNoQuestions() {
        Sample sentence = Sample.vtg("s", "v.mp4", 20, "it is red", List.of(new Interval(4, 8)));
        assertNull(read(sentence, "4.0 to 8.0").answer());
        assertNull(read(question(null, new Interval(4, 8)), "(B) 4.0 to 8.0").answer());
        assertTrue(AnswerMetrics.of(List.of(read(sentence, "4.0 to 8.0"))).isEmpty());
        AnswerMetrics mixed = AnswerMetrics.of(List.of(
                        read(sentence, "no"),
                        read(question("A", new Interval(4, 8)), "(A) 4.0 to 8.0"),
                        read(question("A", new Interval(4, 8)), "no")))
                .orElseThrow();
        assertEquals(2, mixed.n());
        assertEquals(.5, mixed.accGqa(), "no letter is a wrong answer");
    }

    @Test
    void rowsKeepTheAnswer(@TempDir Path folder) {
        Path file = folder.resolve("predictions.jsonl");
        List<Prediction> rows = List.of(
                read(question("B", new Interval(4, 8)), "(B) 6.0 to 10.0"),
                new Prediction("r", List.of(), "?", 0, true, new GroundedAnswer(null, false, 0)));
        Jsonl.write(file, rows);
        assertEquals(
                "{\"id\":\"q\",\"intervals\":[[6.0,10.0]],\"reply\":\"(B) 6.0 to 10.0\",\"iou\":0.3333333333333333,"
                        + "\"answer\":{\"letter\":\"B\",\"right\":true,\"iop\":0.5}}",
                AtomicFiles.readString(file).lines().findFirst().orElseThrow());
        assertEquals(rows, Prediction.read(file));
        assertEquals(
                "{\"Acc@QA\":0.5,\"Acc@GQA\":0.5,\"mIoP\":0.25,\"IoP@0.3\":0.5,\"IoP@0.5\":0.5,\"mIoU\":0.16666666666666666,"
                        + "\"IoU@0.3\":0.5,\"IoU@0.5\":0.0,\"N\":2}",
                Json.line(AnswerMetrics.of(rows).orElseThrow()));
    }
}
