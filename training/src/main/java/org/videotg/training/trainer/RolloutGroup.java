package org.videotg.training.trainer;

import java.util.List;
import java.util.Map;
import org.videotg.core.sample.Interval;

/**
 * The rollouts of one prompt of a step, as stored in {@code rollouts.jsonl}.
 *
 * @param id of the sample
 * @param duration seconds
 * @param intervals annotated, in seconds
 * @param maskRatio share of the video's temporal grids that was masked
 */
public record RolloutGroup(
        String id, String query, double duration, List<Interval> intervals, double maskRatio, List<Rollout> rollouts) {
    public RolloutGroup {
        intervals = List.copyOf(intervals);
        rollouts = List.copyOf(rollouts);
    }

    /**
     * A reply that was sampled.
     *
     * @param intervals that the reply names, in seconds; none if it could not be read
     * @param reward the weighted sum
     * @param parts of the reward before weighting, by name
     */
    public record Rollout(String reply, List<Interval> intervals, double reward, Map<String, Double> parts) {}

    /** Returns the group with texts of at most so many characters. */
    public RolloutGroup shortened(int characters) {
        return new RolloutGroup(
                id,
                cut(query, characters),
                duration,
                intervals,
                maskRatio,
                rollouts.stream()
                        .map(one -> new Rollout(cut(one.reply, characters), one.intervals, one.reward, one.parts))
                        .toList());
    }

    private static String cut(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        // Half of a surrogate pair is no character.
        int end = characters - 1 - (Character.isHighSurrogate(text.charAt(characters - 2)) ? 1 : 0);
        return text.substring(0, end) + "\u2026";
    }
}
