package org.videotg.app.inference;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Backend;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;

/**
 * {@code metrics.json}: the scores of an evaluation with everything that they depend on.
 *
 * @param r1At03 share of samples with IoU at least 0.3; likewise the other two
 * @param miou mean IoU
 * @param n samples that the scores are about: those that could be asked about
 * @param gqa scores of the answers to multiple-choice questions; null if the data has none
 * @param parseFailures replies that could not be parsed
 * @param unreadableVideos samples that failed or were skipped, since their video can't be used; not among the n
 * @param profile the convention of the metrics: this project's own, see {@link GroundingMetrics}
 * @param prompt name of the prompt template
 * @param fps wanted frames per second of video
 * @param pixelBudget in words
 * @param data file, with its SHA-256 beside it
 * @param seconds of all sittings
 * @param cpuSeconds of the model
 * @param tokenForwards of the model
 * @param note what a reader must know, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationMetrics(
        @JsonProperty("R1@0.3") double r1At03,
        @JsonProperty("R1@0.5") double r1At05,
        @JsonProperty("R1@0.7") double r1At07,
        @JsonProperty("mIoU") double miou,
        @JsonProperty("N") int n,
        AnswerMetrics gqa,
        int parseFailures,
        int unreadableVideos,
        String profile,
        String prompt,
        double fps,
        String pixelBudget,
        ModelIdentity model,
        String data,
        String dataSha256,
        double seconds,
        double cpuSeconds,
        long tokenForwards,
        String note) {
    /** Its name in the folder of an evaluation. */
    public static final String FILE = "metrics.json";

    private static final String PROFILE = "videotg";

    @JsonCreator
    public EvaluationMetrics {
        if (n < 1) {
            throw new IllegalArgumentException("\"N\" must be at least 1, not " + n);
        }
    }

    /**
     * What the scores depend on beside the predictions.
     *
     * @param prompt name of the prompt template
     * @param note what a reader must know, or null
     */
    record About(String prompt, Backend.Sampling sampling, ModelIdentity model, Data data, String note) {}

    /** The file of samples. */
    record Data(String file, String sha256) {}

    /**
     * Scores predictions.
     *
     * @param costs rows of the samples that were asked about, those that failed among them
     */
    static EvaluationMetrics of(List<Prediction> predictions, List<Jsonl.Row> costs, About about) {
        GroundingMetrics scores = GroundingMetrics.of(predictions);
        Cost cost = costs.stream()
                .map(row -> Json.convert(row.node(), Cost.class, row.where()))
                .reduce(Cost.NONE, Cost::plus);
        int unreadable = costs.stream()
                .filter(row -> Evaluation.isFailed(row.node()))
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
                PROFILE,
                about.prompt(),
                about.sampling().fps(),
                about.sampling().pixelBudget(),
                about.model(),
                about.data().file(),
                about.data().sha256(),
                cost.seconds(),
                cost.cpuSeconds(),
                cost.tokenForwards(),
                about.note());
    }

    public static EvaluationMetrics read(Path folder) {
        return Json.read(folder.resolve(FILE), EvaluationMetrics.class);
    }

    void write(Path folder) {
        AtomicFiles.writeString(folder.resolve(FILE), Json.pretty(this));
    }

    /** The scores in one line. */
    public String line() {
        String answers = gqa == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Acc@QA %.3f, Acc@GQA %.3f, mIoP %.3f, IoP@0.5 %.3f (questions %d); ",
                        gqa.accQa(),
                        gqa.accGqa(),
                        gqa.miop(),
                        gqa.iopAt05(),
                        gqa.n());
        return answers
                + String.format(
                        Locale.ROOT,
                        "mIoU %.3f, R1@0.3 %.3f, R1@0.5 %.3f, R1@0.7 %.3f (N %d, parse failures %d)",
                        miou,
                        r1At03,
                        r1At05,
                        r1At07,
                        n,
                        parseFailures)
                + (unreadableVideos == 0 ? "" : ", " + unreadableVideos + " more could not be asked about");
    }
}
