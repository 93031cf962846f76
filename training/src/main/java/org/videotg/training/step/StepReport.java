package org.videotg.training.step;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step gave and cost.
 *
 * @param figures by name, as they stand in metrics.jsonl
 * @param rolloutForwards token-forwards of generation
 * @param trainingForwards token-forwards of training: {@link RowPasses#count}
 * @param summary the method's figures for the progress line
 */
public record StepReport(Map<String, Double> figures, long rolloutForwards, long trainingForwards, String summary) {
    public StepReport {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
