package org.videotg.app.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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
import org.videotg.core.run.InFlight;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Part;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;

/**
 * Asks about every sample's whole video or clip, greedily, and scores the replies. Predictions are appended to
 * {@value #PREDICTIONS} as they are made, what each has cost to {@value #COSTS}; a stopped evaluation goes on where it
 * was. A sample whose video can't be read has failed: it has no prediction, counts in no score, and its row of costs
 * states the error.
 *
 * @param dataFile to score on
 * @param out folder of the results
 * @param asking how the model is asked
 * @param bad which samples to leave out
 */
public record Evaluation(Path dataFile, Path out, PromptTemplate prompt, Asking asking, BadVideos bad) {
    /** Rows {@link Prediction} in the order of the data. */
    public static final String PREDICTIONS = "predictions.jsonl";
    /** Rows {@code {"id","tokenForwards","cpuSeconds","seconds"}}, with {@code "error"} for samples that failed. */
    public static final String COSTS = "costs.jsonl";

    /** Note of the manifest: the part of the samples, absent if that is all. */
    static final String PART = "part";

    private static final String ERROR = "error";

    /** If none of so many replies can be read, the others can't be either. */
    private static final int FIRST_REPLIES = 50;

    /** Characters of a reply in a warning. */
    private static final int REPLY_SHOWN = 200;

    /** A stopped evaluation's process may still be in its last question. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    /**
     * How the model is asked.
     *
     * @param part of the samples that it is asked about
     * @param maxTokens of a reply
     * @param parallel samples in flight
     */
    public record Asking(Part part, int maxTokens, int parallel) {}

    /**
     * The samples whose videos can't be used.
     *
     * @param skip whether samples stay left out that have failed before, whatever has become of their videos; else they
     *     are asked about again
     * @param unusable reason by id, known before the model is asked
     */
    public record BadVideos(boolean skip, Map<String, String> unusable) {
        /** None is known to be bad, and what has failed is asked about again. */
        public static final BadVideos NONE = new BadVideos(false, Map.of());

        public BadVideos {
            unusable = Map.copyOf(unusable);
        }
    }

    /**
     * Runs, or goes on.
     *
     * @param note what a reader of the results must know, or null
     * @param warnings takes one line for every unreadable video
     * @throws InputException if {@code out} holds an evaluation of another model, prompt or data, or is in use; if the
     *     prompt has no question for one of the samples; if every sample failed; if something can't be written
     */
    public EvaluationMetrics run(
            Mllm mllm, Backend.Sampling sampling, String note, List<String> command, Consumer<String> warnings) {
        List<Sample> samples = asking.part().of(dataFile, Samples.read(dataFile));
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
        VideoNotes notes = new VideoNotes(warnings);
        Map<String, Prediction> predictions;
        try (Logs logs = Logs.open(out, bad.skip())) {
            predictions = stored();
            logs.predictions()
                    .rows()
                    .forEach(row -> notes.stored(row.node().path("id").asText(), row.node()));
            Set<String> failed = logs.failed();
            bad.unusable().forEach((id, reason) -> {
                if (!predictions.containsKey(id) && failed.add(id)) {
                    logs.append(id, Cost.NONE, reason);
                }
            });
            Progress progress = Progress.logged("eval", samples.size());
            List<Sample> left = new ArrayList<>();
            for (Sample sample : samples) {
                if (predictions.containsKey(sample.id()) || failed.contains(sample.id())) {
                    progress.skip();
                } else {
                    left.add(sample);
                }
            }
            InFlight.forEach(
                    asking.parallel(),
                    left.iterator(),
                    sample -> predict(mllm, sample, logs, notes, warnings),
                    predicted -> {
                        predicted.ifPresent(prediction -> predictions.put(prediction.id(), prediction));
                        nothingParsed(predictions, samples.size()).ifPresent(warnings);
                        progress.step("");
                    });
            progress.finish("");
            notes.count();
        }
        List<Prediction> ordered = samples.stream()
                .map(sample -> predictions.get(sample.id()))
                .filter(Objects::nonNull)
                .toList();
        if (ordered.isEmpty()) {
            throw new InputException(
                    "no sample of " + dataFile + " could be asked about; " + out.resolve(COSTS) + " says why");
        }
        JsonlLog.write(
                out.resolve(PREDICTIONS),
                ordered.stream()
                        .map(prediction -> notes.row(prediction.id(), prediction))
                        .toList());
        EvaluationMetrics metrics = EvaluationMetrics.of(
                ordered,
                Jsonl.read(out.resolve(COSTS)),
                new EvaluationMetrics.About(
                        prompt.name(),
                        sampling,
                        mllm.identity(),
                        new EvaluationMetrics.Data(dataFile.toString(), Sha256.of(dataFile)),
                        note));
        metrics.write(out);
        return metrics;
    }

    /** Says so as soon as it is clear that the model does not answer in the form that the prompt asks for. */
    private Optional<String> nothingParsed(Map<String, Prediction> predictions, int samples) {
        int enough = Math.min(FIRST_REPLIES, samples);
        if (predictions.size() != enough || !predictions.values().stream().allMatch(Prediction::unparsed)) {
            return Optional.empty();
        }
        String reply = predictions.values().iterator().next().reply();
        return Optional.of("none of the first " + enough + " replies could be read; prompt " + prompt.name()
                + " reads them as " + prompt.parser().id() + ", and the first is "
                + Json.line(reply.length() > REPLY_SHOWN ? reply.substring(0, REPLY_SHOWN) + "..." : reply)
                + "; stop, and give the --prompt that the model was trained with, or a greater --max-tokens");
    }

    /** The manifest of a new evaluation; that of one to go on with must say the same. */
    private void claim(Mllm mllm, Backend.Sampling sampling, List<String> command) {
        RunManifest now = RunManifest.start(command, Instant.now())
                .withModel(mllm.identity(), prompt, sampling.fps(), sampling.pixelBudget())
                .withData(List.of(dataFile))
                .withNote("maxTokens", String.valueOf(asking.maxTokens()));
        if (!asking.part().isWhole()) {
            now = now.withNote(PART, asking.part().toString());
        }
        if (!Files.exists(out.resolve(RunManifest.FILE))) {
            if (Files.exists(out.resolve(PREDICTIONS))) {
                throw new InputException(out + " holds predictions without a manifest; choose another --out");
            }
            now.write(out);
            return;
        }
        RunManifest then = RunManifest.read(out);
        Optional<String> difference = difference(then, now)
                .or(() -> Optional.of(PART)
                        .filter(part -> !Objects.equals(
                                then.notes().get(part),
                                asking.part().isWhole() ? null : asking.part().toString())));
        difference.ifPresent(what -> {
            throw new InputException(out + " holds an evaluation with another " + what + "; choose another --out");
        });
    }

    /** Returns the first in which two evaluations differ that must be the same for their predictions to be compared. */
    static Optional<String> difference(RunManifest one, RunManifest other) {
        Map<String, Function<RunManifest, Object>> compared = new LinkedHashMap<>();
        compared.put(
                "model",
                manifest -> manifest.model() == null ? null : manifest.model().weights());
        compared.put(
                "preprocessing",
                manifest -> manifest.model() == null ? null : manifest.model().preprocessing());
        compared.put("prompt", RunManifest::prompt);
        compared.put("data", manifest -> List.copyOf(manifest.data().values()));
        compared.put("maxTokens", manifest -> manifest.notes().get("maxTokens"));
        return compared.entrySet().stream()
                .filter(entry -> !Objects.equals(
                        entry.getValue().apply(one), entry.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The predictions and what each has cost: a row in both files for every sample, in the second one for failures. */
    private record Logs(JsonlLog predictions, JsonlLog costs, Set<String> failed) implements AutoCloseable {
        /**
         * Removes rows without a row of their sample in the other file: the run was stopped between the two.
         *
         * @param keepFailed whether rows of samples that failed stay; their ids are in {@code failed}
         */
        static Logs open(Path out, boolean keepFailed) {
            JsonlLog predictions = JsonlLog.open(out.resolve(PREDICTIONS));
            JsonlLog costs = JsonlLog.open(out.resolve(COSTS));
            Map<String, JsonNode> predicted = byId(predictions);
            Map<String, JsonNode> costed = byId(costs);
            // Earlier versions wrote predictions of IoU 0 for samples that failed.
            boolean changed = predicted.keySet().removeIf(id -> costed.containsKey(id) && isFailed(costed.get(id)));
            changed |= costed.entrySet()
                    .removeIf(row -> isFailed(row.getValue()) ? !keepFailed : !predicted.containsKey(row.getKey()));
            changed |= predicted.keySet().retainAll(costed.keySet());
            if (changed) {
                predictions.rewrite(predicted.values());
                costs.rewrite(costed.values());
            }
            Set<String> failed = costed.entrySet().stream()
                    .filter(row -> isFailed(row.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            return new Logs(predictions, costs, failed);
        }

        private static Map<String, JsonNode> byId(JsonlLog log) {
            Map<String, JsonNode> rows = new LinkedHashMap<>();
            log.rows().forEach(row -> rows.put(row.node().path("id").asText(), row.node()));
            return rows;
        }

        void append(JsonNode prediction, String id, Cost cost) {
            costs.append(row(id, cost));
            predictions.append(prediction);
        }

        void append(String id, Cost cost, String error) {
            costs.append(row(id, cost).put(ERROR, error));
        }

        private static ObjectNode row(String id, Cost cost) {
            ObjectNode row = Json.MAPPER.createObjectNode().put("id", id);
            row.setAll((ObjectNode) Json.MAPPER.valueToTree(cost));
            return row;
        }

        @Override
        public void close() {
            try (predictions) {
                costs.close();
            }
        }
    }

    static boolean isFailed(JsonNode cost) {
        return cost.hasNonNull(ERROR);
    }

    private Map<String, Prediction> stored() {
        Path file = out.resolve(PREDICTIONS);
        Map<String, Prediction> stored = new LinkedHashMap<>();
        if (Files.exists(file)) {
            Prediction.read(file).forEach(prediction -> stored.put(prediction.id(), prediction));
        }
        return stored;
    }

    private Optional<Prediction> predict(
            Mllm mllm, Sample sample, Logs logs, VideoNotes notes, Consumer<String> warnings) {
        Cost.Meter meter = Cost.meter();
        VideoRef video = Samples.video(dataFile, sample);
        try {
            PromptTemplate.Text asked = prompt.question(sample);
            Question question = new Question(VideoView.whole(video), asked.before(), asked.after());
            Answer answer = mllm.ask(question, Decoding.greedy(asking.maxTokens()));
            List<String> noted = mllm.notes(video);
            Prediction prediction = Prediction.of(
                    sample, prompt.read(sample.task(), answer.texts().get(0)));
            synchronized (logs) {
                notes.add(sample.id(), noted);
                logs.append(notes.row(sample.id(), prediction), sample.id(), answer.cost());
            }
            return Optional.of(prediction);
        } catch (OutputException e) {
            throw e;
        } catch (InputException e) {
            VideoCheck.requireStill(video);
            synchronized (logs) {
                warnings.accept("sample \"" + sample.id() + "\": " + e.getMessage());
                logs.append(sample.id(), meter.cost(0), e.getMessage());
            }
            return Optional.empty();
        }
    }
}
