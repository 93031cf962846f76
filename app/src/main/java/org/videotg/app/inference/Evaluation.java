package org.videotg.app.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.Sha256;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoNotes;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;

/**
 * Asks about every sample's whole video or clip, greedily, and scores the replies. Predictions are appended to
 * {@value #PREDICTIONS} as they are made, what each has cost to {@value #COSTS}; a stopped evaluation goes on where it
 * was.
 *
 * @param dataFile to score on
 * @param out folder of the results
 * @param maxTokens of a reply
 * @param strict whether the first unreadable video stops the evaluation, instead of counting as IoU 0
 */
public record Evaluation(Path dataFile, Path out, PromptTemplate prompt, int maxTokens, boolean strict) {
    /** Rows {@link Prediction} in the order of the data. */
    public static final String PREDICTIONS = "predictions.jsonl";
    /** Rows {@code {"id","tokenForwards","cpuSeconds","seconds"}}, with {@code "error"} for unreadable videos. */
    public static final String COSTS = "costs.jsonl";

    /** A stopped evaluation's process may still be in its last question. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Runs, or goes on.
     *
     * @param note what a reader of the results must know, or null
     * @param warnings takes one line for every unreadable video
     * @throws InputException if {@code out} holds an evaluation of another model, prompt or data, or is in use; if the
     *     prompt has no question for one of the samples; if something can't be written
     */
    public EvaluationMetrics run(
            Mllm mllm, Backend.Sampling sampling, String note, List<String> command, Consumer<String> warnings) {
        List<Sample> samples = Samples.read(dataFile);
        samples.forEach(prompt::question);
        try (FolderLock lock = FolderLock.take(out, LOCK_TIMEOUT)) {
            return locked(samples, mllm, sampling, note, command, warnings);
        }
    }

    private EvaluationMetrics locked(
            List<Sample> samples,
            Mllm mllm,
            Backend.Sampling sampling,
            String note,
            List<String> command,
            Consumer<String> warnings) {
        claim(mllm, sampling, command);
        Map<String, Prediction> predictions;
        VideoNotes notes = new VideoNotes(warnings);
        VideoCheck videos = VideoCheck.of(dataFile, samples);
        try (Logs logs = Logs.open(out)) {
            predictions = stored();
            logs.predictions()
                    .rows()
                    .forEach(row -> notes.stored(row.node().path("id").asText(), row.node()));
            Progress progress = Progress.logged("eval", samples.size());
            for (Sample sample : samples) {
                if (predictions.containsKey(sample.id())) {
                    progress.skip();
                } else {
                    predictions.put(sample.id(), predict(mllm, sample, videos, logs, notes, warnings));
                    progress.step("");
                }
            }
            progress.finish("");
            notes.count();
        }
        List<Prediction> ordered =
                samples.stream().map(sample -> predictions.get(sample.id())).toList();
        JsonlLog.write(
                out.resolve(PREDICTIONS),
                ordered.stream()
                        .map(prediction -> notes.row(prediction.id(), prediction))
                        .toList());
        EvaluationMetrics metrics = metrics(ordered, mllm, sampling, note);
        metrics.write(out);
        return metrics;
    }

    /** The manifest of a new evaluation; that of one to go on with must say the same. */
    private void claim(Mllm mllm, Backend.Sampling sampling, List<String> command) {
        RunManifest now = RunManifest.start(command, Instant.now())
                .withModel(mllm.identity(), prompt, sampling.fps(), sampling.pixelBudget())
                .withData(List.of(dataFile))
                .withNote("maxTokens", String.valueOf(maxTokens));
        if (!Files.exists(out.resolve(RunManifest.FILE))) {
            if (Files.exists(out.resolve(PREDICTIONS))) {
                throw new InputException(out + " holds predictions without a manifest; choose another --out");
            }
            now.write(out);
            return;
        }
        RunManifest then = RunManifest.read(out);
        differ(
                "model",
                then.model() == null ? null : then.model().weights(),
                now.model().weights());
        differ(
                "preprocessing",
                then.model() == null ? null : then.model().preprocessing(),
                now.model().preprocessing());
        differ("prompt", then.prompt(), now.prompt());
        differ("data", List.copyOf(then.data().values()), List.copyOf(now.data().values()));
        differ("maxTokens", then.notes().get("maxTokens"), now.notes().get("maxTokens"));
    }

    private void differ(String what, Object then, Object now) {
        if (!Objects.equals(then, now)) {
            throw new InputException(out + " holds an evaluation with another " + what + "; choose another --out");
        }
    }

    /** The predictions and what each has cost: a row in both files for every sample. */
    private record Logs(JsonlLog predictions, JsonlLog costs) implements AutoCloseable {
        /** Removes rows without a row of their sample in the other file: the run was stopped between the two. */
        static Logs open(Path out) {
            Logs logs = new Logs(JsonlLog.open(out.resolve(PREDICTIONS)), JsonlLog.open(out.resolve(COSTS)));
            Map<String, JsonNode> predicted = byId(logs.predictions);
            Map<String, JsonNode> costed = byId(logs.costs);
            if (!predicted.keySet().equals(costed.keySet())) {
                predicted.keySet().retainAll(costed.keySet());
                costed.keySet().retainAll(predicted.keySet());
                logs.predictions.rewrite(predicted.values());
                logs.costs.rewrite(costed.values());
            }
            return logs;
        }

        private static Map<String, JsonNode> byId(JsonlLog log) {
            Map<String, JsonNode> rows = new LinkedHashMap<>();
            log.rows().forEach(row -> rows.put(row.node().path("id").asText(), row.node()));
            return rows;
        }

        void append(JsonNode prediction, ObjectNode cost) {
            costs.append(cost);
            predictions.append(prediction);
        }

        @Override
        public void close() {
            try (predictions) {
                costs.close();
            }
        }
    }

    private Map<String, Prediction> stored() {
        Path file = out.resolve(PREDICTIONS);
        Map<String, Prediction> stored = new LinkedHashMap<>();
        if (Files.exists(file)) {
            Prediction.read(file).forEach(prediction -> stored.put(prediction.id(), prediction));
        }
        return stored;
    }

    private Prediction predict(
            Mllm mllm, Sample sample, VideoCheck videos, Logs logs, VideoNotes notes, Consumer<String> warnings) {
        Cost.Meter meter = Cost.meter();
        Cost cost = null;
        String reply = "";
        String error = null;
        try {
            PromptTemplate.Text asked = prompt.question(sample);
            VideoRef video = Samples.video(dataFile, sample);
            Question question = new Question(VideoView.whole(video), asked.before(), asked.after());
            Answer answer = mllm.ask(question, Decoding.greedy(maxTokens));
            reply = answer.texts().get(0);
            cost = answer.cost();
            notes.add(sample.id(), mllm.notes(video));
        } catch (OutputException e) {
            throw e;
        } catch (InputException e) {
            videos.requireStill(dataFile, sample);
            error = "sample \"" + sample.id() + "\": " + e.getMessage();
            if (strict) {
                throw new InputException(error, e);
            }
            warnings.accept(error);
        }
        Prediction prediction = error == null
                ? Prediction.of(sample, prompt.read(sample.task(), reply))
                : Prediction.unreadable(sample);
        ObjectNode row = Json.MAPPER.createObjectNode().put("id", sample.id());
        row.setAll((ObjectNode) Json.MAPPER.valueToTree(error == null ? cost : meter.cost(0)));
        if (error != null) {
            row.put("error", error);
        }
        logs.append(notes.row(sample.id(), prediction), row);
        return prediction;
    }

    private EvaluationMetrics metrics(List<Prediction> predictions, Mllm mllm, Backend.Sampling sampling, String note) {
        GroundingMetrics scores = GroundingMetrics.of(predictions);
        List<Jsonl.Row> rows = Jsonl.read(out.resolve(COSTS));
        Cost cost = rows.stream()
                .map(row -> Json.convert(row.node(), Cost.class, row.where()))
                .reduce(Cost.NONE, Cost::plus);
        int unreadable = rows.stream()
                .filter(row -> row.node().hasNonNull("error"))
                .map(row -> row.node().path("id").asText())
                .collect(Collectors.toSet())
                .size();
        return new EvaluationMetrics(
                scores.r1At03(),
                scores.r1At05(),
                scores.r1At07(),
                scores.miou(),
                scores.n(),
                AnswerMetrics.of(predictions).orElse(null),
                scores.parseFailures(),
                unreadable,
                EvaluationMetrics.PROFILE,
                prompt.name(),
                sampling.fps(),
                sampling.pixelBudget(),
                mllm.identity(),
                dataFile.toString(),
                Sha256.of(dataFile),
                cost.seconds(),
                cost.cpuSeconds(),
                cost.tokenForwards(),
                note);
    }
}
