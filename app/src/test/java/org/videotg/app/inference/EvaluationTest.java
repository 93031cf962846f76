package org.videotg.app.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.PowerCut;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Part;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;

class EvaluationTest {
    private static final List<String> OPTIONS = List.of("red", "green");

    @TempDir
    Path folder;

    private EvaluationMetrics evaluate(
            PromptTemplate prompt, ScriptedMllm mllm, List<String> warnings, Sample... samples) {
        return evaluate(prompt, mllm, Evaluation.BadVideos.NONE, warnings, samples);
    }

    private EvaluationMetrics evaluate(
            PromptTemplate prompt,
            ScriptedMllm mllm,
            Evaluation.BadVideos bad,
            List<String> warnings,
            Sample... samples) {
        Path data = folder.resolve("data.jsonl");
        Samples.write(data, List.of(samples));
        return new Evaluation(data, folder.resolve("eval"), prompt, new Evaluation.Asking(Part.WHOLE, 64, 1), bad)
                .run(mllm, new Backend.Sampling(1, "none"), null, List.of("eval"), warnings::add);
    }

    private static Sample question(String id, String answer, Interval truth) {
        return new Sample(
                id, id + ".mp4", 20, "what colour is " + id + "?", List.of(truth), Task.GQA, OPTIONS, answer, Map.of());
    }

    private static ScriptedMllm replying(PromptTemplate prompt, Sample sample, ScriptedMllm mllm, String reply) {
        return mllm.knows(sample.video(), 20, sample.query()).replies(prompt.answering(sample.query(), OPTIONS), reply);
    }

    @Test
    void questionsAreScoredAsAnswersAndAsGroundings() throws IOException {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        Sample right = question("a", "B", new Interval(4, 8));
        Sample wrong = question("b", "A", new Interval(4, 8));
        Sample lost = question("c", "A", new Interval(4, 8));
        ScriptedMllm mllm = new ScriptedMllm(0, false);
        replying(prompt, right, mllm, "(B) 4.0 to 6.0");
        replying(prompt, wrong, mllm, "(B) 4.0 to 8.0");
        Files.createFile(folder.resolve("c.mp4"));
        List<String> warnings = new ArrayList<>();
        EvaluationMetrics metrics = evaluate(prompt, mllm, warnings, right, wrong, lost);
        assertEquals(1, metrics.unreadableVideos());
        assertTrue(warnings.size() == 1 && warnings.get(0).contains("\"c\""), warnings.toString());
        assertEquals(0, metrics.parseFailures());
        assertEquals(2, metrics.gqa().n(), "a sample that failed counts in no score");
        assertEquals(1 / 2.0, metrics.gqa().accQa());
        assertEquals(1 / 2.0, metrics.gqa().accGqa());
        assertEquals(1, metrics.gqa().miop(), 1e-12);
        assertEquals(1.5 / 2, metrics.miou(), 1e-12);
        assertTrue(metrics.line().startsWith("Acc@QA 0.500, Acc@GQA 0.500, mIoP 1.000"), metrics.line());
        assertTrue(metrics.line().endsWith(", 1 more could not be asked about"), metrics.line());
        assertEquals(metrics, EvaluationMetrics.read(folder.resolve("eval")));
    }

    /** Decided at the start: what becomes of the video afterwards does not change the evaluation, unless asked for. */
    @Test
    void aSkippedSampleStaysSkippedUntilTheEvaluationMayStop() {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        Sample[] samples = {question("a", "B", new Interval(4, 8)), question("b", "B", new Interval(4, 8))};
        ScriptedMllm mllm = new ScriptedMllm(0, false);
        for (Sample sample : samples) {
            replying(prompt, sample, mllm, "(B) 4.0 to 6.0");
        }
        List<String> warnings = new ArrayList<>();
        Evaluation.BadVideos skipped = new Evaluation.BadVideos(true, Map.of("a", "a.mp4 is empty"));
        Evaluation.BadVideos mended = new Evaluation.BadVideos(true, Map.of());
        for (Evaluation.BadVideos bad : List.of(skipped, mended)) {
            EvaluationMetrics metrics = evaluate(prompt, mllm, bad, warnings, samples);
            assertEquals(List.of(1, 1), List.of(metrics.n(), metrics.unreadableVideos()));
            List<Jsonl.Row> costs = Jsonl.read(folder.resolve("eval").resolve(Evaluation.COSTS));
            assertEquals("a.mp4 is empty", costs.get(0).node().path("error").asText());
            assertEquals(2, costs.size());
        }
        EvaluationMetrics whole = evaluate(prompt, mllm, Evaluation.BadVideos.NONE, warnings, samples);
        assertEquals(List.of(2, 0), List.of(whole.n(), whole.unreadableVideos()));
    }

    @Test
    void predictionsDoNotDependOnHowManyAreInFlight() {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        ScriptedMllm mllm = new ScriptedMllm(0.3, false);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            samples.add(Sample.vtg("s" + i, "v" + i + ".mp4", 20, "event " + i, List.of(new Interval(4, 8))));
            mllm.knows("v" + i + ".mp4", 20, "event " + i, new Interval(4, 8));
        }
        Path data = folder.resolve("data.jsonl");
        Samples.write(data, samples);
        List<EvaluationMetrics> metrics = new ArrayList<>();
        for (int parallel : new int[] {1, 8}) {
            metrics.add(new Evaluation(
                            data,
                            folder.resolve("eval" + parallel),
                            prompt,
                            new Evaluation.Asking(Part.WHOLE, 64, parallel),
                            Evaluation.BadVideos.NONE)
                    .run(mllm, new Backend.Sampling(1, "none"), null, List.of("eval"), line -> {}));
        }
        assertEquals(metrics.get(0), metrics.get(1));
        assertEquals(
                Prediction.read(folder.resolve("eval1").resolve(Evaluation.PREDICTIONS)),
                Prediction.read(folder.resolve("eval8").resolve(Evaluation.PREDICTIONS)));
    }

    /** The template's parser reads the replies, also where parse failures are counted. */
    @Test
    void anotherProjectsRepliesAreReadByItsParser() {
        PromptTemplate prompt = PromptTemplate.named("videochat-r1-gqa");
        Sample sample = question("a", "B", new Interval(4, 8));
        Sample silent = question("b", "B", new Interval(4, 8));
        ScriptedMllm mllm = new ScriptedMllm(0, false);
        replying(prompt, sample, mllm, "<think>at 4</think><answer>B</answer><glue>[(4.0, 8.0)]</glue>");
        replying(prompt, silent, mllm, "I can't tell");
        EvaluationMetrics metrics = evaluate(prompt, mllm, new ArrayList<>(), sample, silent);
        assertEquals(1, metrics.parseFailures());
        assertEquals(.5, metrics.gqa().accGqa());
        List<Prediction> predictions = Prediction.read(folder.resolve("eval").resolve(Evaluation.PREDICTIONS));
        assertEquals("B", predictions.get(0).answer().letter());
        assertTrue(predictions.get(1).unparsed());
    }

    /** Else every question would count as a video that can't be read. */
    @Test
    void aTemplateWithoutTheQuestionIsSaidBeforeAnySample() {
        PromptTemplate noChoice =
                new PromptTemplate("mine", "", "When does {query} happen?", null, null, null, null, null, null, null);
        List<String> warnings = new ArrayList<>();
        String message = assertThrows(
                        InputException.class,
                        () -> evaluate(
                                noChoice, new ScriptedMllm(0, false), warnings, question("a", "B", new Interval(4, 8))))
                .getMessage();
        assertTrue(message.contains("\"mine\" has no text \"choice\""), message);
        assertTrue(warnings.isEmpty() && Files.notExists(folder.resolve("eval")));
    }

    /** Wherever a killed run, a full disk or a power failure has cut the two files, every sample has a row in both. */
    @Test
    void predictionsAndCostsAreBroughtTogether() throws IOException {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        Sample[] samples = {question("a", "B", new Interval(4, 8)), question("b", "B", new Interval(4, 8))};
        ScriptedMllm mllm = new ScriptedMllm(0, false);
        for (Sample sample : samples) {
            replying(prompt, sample, mllm, "(B) 4.0 to 6.0");
        }
        double miou = evaluate(prompt, mllm, new ArrayList<>(), samples).miou();
        Path eval = folder.resolve("eval");
        for (String name : List.of(Evaluation.PREDICTIONS, Evaluation.COSTS)) {
            byte[] whole = Files.readAllBytes(eval.resolve(name));
            for (int left = 0; left < whole.length; left += 7) {
                Files.write(eval.resolve(name), Arrays.copyOf(whole, left));
                assertEquals(
                        miou, evaluate(prompt, mllm, new ArrayList<>(), samples).miou());
                assertEquals(2, Jsonl.read(eval.resolve(Evaluation.COSTS)).size());
                assertEquals(
                        2, Prediction.read(eval.resolve(Evaluation.PREDICTIONS)).size());
            }
        }
    }

    @Test
    void afterAPowerCutAnEvaluationGoesOn() throws IOException {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        Sample sample = question("a", "B", new Interval(4, 8));
        ScriptedMllm mllm = replying(prompt, sample, new ScriptedMllm(0, false), "(B) 4.0 to 6.0");
        Path data = folder.resolve("data.jsonl");
        Samples.write(data, List.of(sample));
        Path root = Files.createDirectory(folder.resolve("root"));
        List<Path> images = PowerCut.during(root, folder.resolve("images"), () -> evaluate(data, root, mllm));
        for (Path image : images) {
            assertEquals(.5, evaluate(data, image, mllm).miou());
        }
    }

    private static EvaluationMetrics evaluate(Path data, Path out, ScriptedMllm mllm) {
        return new Evaluation(
                        data,
                        out.resolve("eval"),
                        PromptTemplate.DEFAULT,
                        new Evaluation.Asking(Part.WHOLE, 64, 1),
                        Evaluation.BadVideos.NONE)
                .run(mllm, new Backend.Sampling(1, "none"), null, List.of("eval"), warning -> {});
    }

    @Test
    void notesOnVideosAreWarnedOfOnceStoredAndCounted() {
        List<String> notes = List.of("a.mp4: its frame rate varies");
        ScriptedMllm mllm = new ScriptedMllm(0, false) {
            @Override
            public List<String> notes(VideoRef video) {
                return video.name().equals("a.mp4") ? notes : List.of();
            }
        };
        Sample[] samples = {question("a", "B", new Interval(4, 8)), question("b", "B", new Interval(4, 8))};
        for (Sample sample : samples) {
            replying(PromptTemplate.DEFAULT, sample, mllm, "(B) 4.0 to 6.0");
        }
        String count = "1 sample has notes on the video, which docs/videos.md explains";
        for (List<String> expected : List.of(List.of(notes.get(0), count), List.of(count))) {
            List<String> warnings = new ArrayList<>();
            evaluate(PromptTemplate.DEFAULT, mllm, warnings, samples);
            assertEquals(expected, warnings);
            List<Jsonl.Row> rows = Jsonl.read(folder.resolve("eval").resolve(Evaluation.PREDICTIONS));
            assertEquals(notes.get(0), rows.get(0).node().path("notes").path(0).asText());
            assertTrue(rows.get(1).node().path("notes").isMissingNode());
        }
    }

    /** Else every sample after it would count as IoU 0. */
    @Test
    void aVideoThatIsRemovedDuringTheRunStopsIt() throws IOException {
        Path video = Files.writeString(folder.resolve("a.mp4"), "a video");
        Sample sample = Sample.vtg("a", "a.mp4", 20, "it is red", List.of(new Interval(4, 8)));
        ScriptedMllm mllm = new ScriptedMllm(0, false) {
            @Override
            public synchronized Answer ask(Question question, Decoding decoding) {
                try {
                    Files.delete(video);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return super.ask(question, decoding);
            }
        };
        assertThrows(OutputException.class, () -> evaluate(PromptTemplate.DEFAULT, mllm, new ArrayList<>(), sample));
        assertEquals(List.of(), JsonlLog.recover(folder.resolve("eval").resolve(Evaluation.PREDICTIONS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]"})
    void aDamagedManifestIsAnErrorThatNamesIt(String text) throws IOException {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        Sample sample = question("a", "B", new Interval(4, 8));
        ScriptedMllm mllm = replying(prompt, sample, new ScriptedMllm(0, false), "(B) 4.0 to 6.0");
        evaluate(prompt, mllm, new ArrayList<>(), sample);
        Files.writeString(folder.resolve("eval/manifest.json"), text);
        String message = assertThrows(InputException.class, () -> evaluate(prompt, mllm, new ArrayList<>(), sample))
                .getMessage();
        assertTrue(message.contains("manifest.json"), message);
    }

    /** A full disk is no property of the sample. */
    @Test
    void whatCannotBeWrittenStopsTheEvaluation() {
        Sample sample = Sample.vtg("a", "a.mp4", 20, "it is red", List.of(new Interval(4, 8)));
        ScriptedMllm full = new ScriptedMllm(0, false).fails(new OutputException("can't write the cache", null));
        assertThrows(OutputException.class, () -> evaluate(PromptTemplate.DEFAULT, full, new ArrayList<>(), sample));
        assertTrue(Files.notExists(folder.resolve("eval").resolve(Evaluation.PREDICTIONS)));
    }

    @Test
    void sentencesHaveNoAnswers() {
        Sample sample = Sample.vtg("a", "a.mp4", 20, "it is red", List.of(new Interval(4, 8)));
        ScriptedMllm mllm = new ScriptedMllm(0, false).knows("a.mp4", 20, sample.query(), new Interval(4, 8));
        EvaluationMetrics metrics = evaluate(PromptTemplate.DEFAULT, mllm, new ArrayList<>(), sample);
        assertNull(metrics.gqa());
        assertEquals("mIoU 1.000, R1@0.3 1.000, R1@0.5 1.000, R1@0.7 1.000 (N 1, parse failures 0)", metrics.line());
    }
}
