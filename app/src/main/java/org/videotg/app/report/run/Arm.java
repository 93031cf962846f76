package org.videotg.app.report.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;

/**
 * An arm of an experiment: one way of training, with its evaluation.
 *
 * @param name of its folder
 * @param title for readers
 * @param data name of the selection that it was trained on, or {@code all}; empty if unknown
 * @param samples it was trained on; empty if unknown
 * @param compute empty if unknown
 * @param training rows of its metrics.jsonl
 * @param curve scores of the models that were kept on the way, first steps first
 * @param predictions on the test set; none if it was not evaluated
 * @param scored scores in the evaluation's metrics.json
 * @param evaluation the whole metrics.json
 * @param recipe text of recipe.yaml
 * @param manifest text of its own manifest.json; empty if the arm is the run itself
 */
public record Arm(
        String name,
        String title,
        Role role,
        Optional<String> data,
        Optional<Integer> samples,
        Optional<Compute> compute,
        TrainingMetrics training,
        List<CurvePoint> curve,
        List<Prediction> predictions,
        Optional<GroundingMetrics> scored,
        Optional<JsonNode> evaluation,
        Optional<String> recipe,
        Optional<String> manifest) {
    private static final int RESAMPLES = 5000;

    public Arm {
        curve = List.copyOf(curve);
        predictions = List.copyOf(predictions);
    }

    /**
     * A model on the way.
     *
     * @param tokenForwards of the training up to it, and of the agents
     */
    public record CurvePoint(long steps, double tokenForwards, GroundingMetrics metrics) {}

    /** The part an arm plays in the comparison; {@code role} in {@code arms.json}. */
    public enum Role {
        /** The model before training. */
        ZERO_SHOT,
        /** GRPO on all samples, with which the method is compared. */
        REFERENCE,
        /** The method under GRPO. */
        METHOD,
        OTHER;

        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Returns the role with that key; for a missing or unknown one, the role that the arm's name suggests. */
        static Role of(String key, String name) {
            return Arrays.stream(values())
                    .filter(role -> role.key().equals(key))
                    .findFirst()
                    .orElseGet(() -> ofName(name));
        }

        /** Returns the role that an arm's name suggests, for recipes and {@code arms.json} without roles. */
        public static Role ofName(String name) {
            List<String> words = Arrays.asList(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"));
            if (words.contains("zero") || words.contains("zeroshot")) {
                return ZERO_SHOT;
            }
            if (words.containsAll(List.of("method", "grpo"))) {
                return METHOD;
            }
            return words.containsAll(List.of("grpo", "all")) ? REFERENCE : OTHER;
        }
    }

    /**
     * The cost of an arm: the field {@code compute} of its row in {@code arms.json}, or {@code compute.json}.
     *
     * @param training cost of training, including rollouts
     * @param agents cost of the agents over all samples they judged; comes on top
     * @param agentPool number of samples that the agents judged
     */
    public record Compute(Cost training, Cost agents, int agentPool) {
        public static final Compute NONE = new Compute(Cost.NONE, Cost.NONE, 0);

        /** Reads the figures that are there; the others are 0. */
        @JsonCreator
        public static Compute of(JsonNode node) {
            return new Compute(
                    cost(node, "tokenForwards", "cpuSeconds"),
                    cost(node, "agentTokenForwards", "agentCpuSeconds"),
                    node.path("agentPool").asInt());
        }

        private static Cost cost(JsonNode node, String tokenForwards, String cpuSeconds) {
            return new Cost(
                    node.path(tokenForwards).asLong(), node.path(cpuSeconds).asDouble(), 0, 0);
        }

        @JsonValue
        Map<String, Number> toJson() {
            Map<String, Number> fields = new LinkedHashMap<>();
            fields.put("cpuSeconds", training.cpuSeconds());
            fields.put("tokenForwards", training.tokenForwards());
            fields.put("agentCpuSeconds", agents.cpuSeconds());
            fields.put("agentTokenForwards", agents.tokenForwards());
            fields.put("agentPool", agentPool);
            return fields;
        }

        public Cost total() {
            return training.plus(agents);
        }
    }

    /** Returns the scores of the predictions, or those of metrics.json if there are no predictions. */
    public Optional<GroundingMetrics> metrics() {
        return predictions.isEmpty() ? scored : Optional.of(GroundingMetrics.of(predictions));
    }

    /** Returns the scores of answers to multiple-choice questions likewise; empty if there were none. */
    public Optional<AnswerMetrics> answers() {
        return predictions.isEmpty()
                ? evaluation
                        .map(written -> written.get("gqa"))
                        .map(node -> Json.convert(node, AnswerMetrics.class, name + ": metrics.json: gqa"))
                : AnswerMetrics.of(predictions);
    }

    /**
     * Returns the difference of a measure's mean, this arm minus the other, over the same test samples.
     *
     * @throws InputException if predictions are missing or of other samples
     */
    public PairedBootstrap minus(Arm other, ToDoubleFunction<Prediction> measure) {
        if (predictions.isEmpty() || other.predictions.isEmpty()) {
            throw new InputException("predictions are missing");
        }
        return PairedBootstrap.of(predictions, other.predictions, measure, RESAMPLES, 0);
    }

    boolean isEmpty() {
        return training.rows().isEmpty() && metrics().isEmpty() && compute.isEmpty();
    }
}
