package org.videotg.method.reward;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Sample;

/**
 * The weighted sum of rewards (the sum and its weights are defined by this project). In JSON and recipes it is the map
 * of weights by id.
 *
 * @param weights by id of {@link Reward}, classes of the user's own included; finite, not negative, at least one
 * positive
 */
public record WeightedReward(@JsonValue Map<String, Double> weights) {
    /** {@link #DEFAULT} as settings write it: IoU plus a tenth of the format reward. */
    public static final String DEFAULT_WEIGHTS = "{iou: 1.0, format: 0.1}";

    public static final WeightedReward DEFAULT =
            Json.convert(Yaml.parse(DEFAULT_WEIGHTS, "rewards"), WeightedReward.class, "rewards");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WeightedReward {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        weights.forEach((id, weight) -> {
            Reward.named(id);
            if (weight == null || !(weight >= 0) || Double.isInfinite(weight)) {
                throw new InputException(
                        "the weight of reward \"" + id + "\" must be a number of 0 or more, not " + weight);
            }
        });
        if (weights.values().stream().noneMatch(weight -> weight > 0)) {
            throw new InputException("no reward has a weight above 0; give at least one, for example iou: 1.0");
        }
    }

    /** Total and parts of one reply, which the prompt's template has read. */
    public Breakdown breakdown(Sample sample, ParsedReply reply) {
        Map<String, Double> parts = new LinkedHashMap<>();
        double total = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            double score = Reward.named(weight.getKey()).score(sample, reply);
            parts.put(weight.getKey(), score);
            total += weight.getValue() * score;
        }
        return new Breakdown(total, parts);
    }

    public double score(Sample sample, ParsedReply reply) {
        return breakdown(sample, reply).total();
    }

    /** The standard deviation with n - 1, as GRPO implementations take it; 0 for a single reward. */
    public static double std(double... rewards) {
        double mean = Arrays.stream(rewards).sum() / rewards.length;
        double squares = 0;
        for (double reward : rewards) {
            squares += (reward - mean) * (reward - mean);
        }
        return rewards.length < 2 ? 0 : Math.sqrt(squares / (rewards.length - 1));
    }

    /**
     * A reward and what it is made of.
     *
     * @param total the weighted sum
     * @param parts each reward's own score by its id, before weighting
     */
    public record Breakdown(double total, Map<String, Double> parts) {
        public Breakdown {
            parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        }
    }
}
