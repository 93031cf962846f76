package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.Json;

/**
 * One way of training with its evaluation.
 *
 * @param name of its folder
 * @param title as readers know it
 * @param samples it was trained on; empty if the run does not say
 * @param compute empty if the run does not say
 * @param training rows of its metrics.jsonl
 * @param predictions on the test set; none if it was not evaluated
 * @param scored scores of the evaluation's metrics.json
 * @param evaluation all of that file
 * @param recipe text of recipe.yaml
 * @param manifest text of its own manifest.json; empty if the arm is the run itself
 */
public record Arm(
        String name,
        String title,
        Optional<Integer> samples,
        Optional<ArmCost> compute,
        TrainingMetrics training,
        List<Prediction> predictions,
        Optional<GroundingMetrics> scored,
        Optional<JsonNode> evaluation,
        Optional<String> recipe,
        Optional<String> manifest) {
    public Arm {
        predictions = List.copyOf(predictions);
    }

    /** From the predictions, or as the evaluation wrote them if those are missing. */
    public Optional<GroundingMetrics> metrics() {
        return predictions.isEmpty() ? scored : Optional.of(GroundingMetrics.of(predictions));
    }

    /** Likewise, of its answers to multiple-choice questions; no value if none was asked. */
    public Optional<AnswerMetrics> answers() {
        return predictions.isEmpty()
                ? evaluation
                        .map(written -> written.get("gqa"))
                        .map(node -> Json.convert(node, AnswerMetrics.class, name + ": metrics.json: gqa"))
                : AnswerMetrics.of(predictions);
    }

    boolean isEmpty() {
        return training.rows().isEmpty() && metrics().isEmpty() && compute.isEmpty();
    }

    public boolean isZeroShot() {
        return words().contains("zero") || words().contains("zeroshot");
    }

    /** The method under GRPO: its name holds the words "method" and "grpo". */
    public boolean isMethod() {
        return words().containsAll(List.of("method", "grpo"));
    }

    /** GRPO on all samples: its name holds the words "grpo" and "all". */
    public boolean isReference() {
        return words().containsAll(List.of("grpo", "all"));
    }

    private List<String> words() {
        return Arrays.asList(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"));
    }
}
