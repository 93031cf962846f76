package org.videotg.core.reward;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.error.InputException;
import org.videotg.core.prompt.ReplyParser;
import org.videotg.core.sample.Sample;

/**
 * The weighted sum of rewards (the sum and its weights are defined by this project). In JSON and recipes it is the map of
 * weights by label.
 *
 * @param weights by label of {@link Reward}; finite, not negative, at least one positive
 */
public record WeightedReward(@JsonValue Map<String, Double> weights) {
    /** IoU plus a tenth of the format reward. */
    public static final WeightedReward DEFAULT = new WeightedReward(ordered("iou", 1.0, "format", 0.1));

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WeightedReward {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        weights.forEach((label, weight) -> {
            Reward.named(label);
            if (weight == null || !(weight >= 0) || Double.isInfinite(weight)) {
                throw new InputException("the weight of reward \"" + label + "\" must be a number of 0 or more, not " + weight);
            }
        });
        if (weights.values().stream().noneMatch(weight -> weight > 0)) {
            throw new InputException("no reward has a weight above 0; give at least one, for example iou: 1.0");
        }
    }

    /** Total and parts of one reply; the reply is parsed once. */
    public RewardBreakdown breakdown(Sample sample, String reply) {
        Optional<ReplyParser.Parsed> parsed = ReplyParser.parse(sample.task(), reply);
        Map<String, Double> parts = new LinkedHashMap<>();
        double total = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            Reward reward = Reward.named(weight.getKey());
            double score = parsed.map(answer -> reward.score(sample, answer)).orElse(0.0);
            parts.put(weight.getKey(), score);
            total += weight.getValue() * score;
        }
        return new RewardBreakdown(total, parts);
    }

    public double score(Sample sample, String reply) {
        return breakdown(sample, reply).total();
    }

    private static Map<String, Double> ordered(String first, double a, String second, double b) {
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put(first, a);
        weights.put(second, b);
        return weights;
    }
}
