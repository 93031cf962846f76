package org.videotg.training.trainer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.training.gradient.RowPasses;

/**
 * The figures and the compute of one optimizer step.
 *
 * @param figures by name, as written to metrics.jsonl
 * @param rolloutForwards token-forwards of generation
 * @param trainingForwards token-forwards of training; a backward pass counts as two, see
 * {@link RowPasses#forwardsPerToken}
 * @param rollouts of the scheduled prompts, in their order; none for a method without
 * @param summary text for the progress line
 */
public record StepReport(
        Map<String, Double> figures,
        long rolloutForwards,
        long trainingForwards,
        List<RolloutGroup> rollouts,
        String summary) {
    public StepReport {
        rollouts = List.copyOf(rollouts);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
