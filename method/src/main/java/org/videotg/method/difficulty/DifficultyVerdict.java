package org.videotg.method.difficulty;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Interval;
import org.videotg.method.agent.Verdict;

/**
 * What difficulty estimation found out about one sample.
 *
 * @param ious IoU of each of the K predictions with the annotation; 0 for an unparsed one
 * @param rewardStd standard deviation (n - 1) of the reward over the predictions
 * @param parseFailures predictions that could not be parsed
 * @param hard whether the mean IoU is below tau
 * @param spans the predicted intervals of each prediction, in seconds; empty for an unparsed one
 * @param replies raw texts of the predictions
 * @param listed intervals named in reply to the question for every occurrence; null if it was not asked or not parsed
 * @param listReply raw text of that reply; null if the question was not asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DifficultyVerdict(
        String id,
        List<Double> ious,
        double rewardStd,
        int parseFailures,
        boolean hard,
        List<List<Interval>> spans,
        List<String> replies,
        List<Interval> listed,
        String listReply,
        ModelIdentity model,
        JsonNode settings,
        String sample,
        @JsonProperty("usage") Cost cost,
        String error)
        implements Verdict {
    public DifficultyVerdict {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(ious, "\"ious\" is missing");
        ious = List.copyOf(ious);
        spans = spans == null ? List.of() : spans.stream().map(List::copyOf).toList();
        replies = replies == null ? List.of() : List.copyOf(replies);
        cost = cost == null ? Cost.NONE : cost;
        for (double iou : ious) {
            if (!(iou >= 0 && iou <= 1)) {
                throw new IllegalArgumentException("\"ious\" must lie in [0, 1], not " + iou);
            }
        }
        if (ious.isEmpty() && error == null) {
            throw new IllegalArgumentException("\"ious\" is empty; a difficulty verdict has at least one prediction");
        }
        if (!spans.isEmpty() && spans.size() != ious.size()) {
            throw new IllegalArgumentException(
                    "\"spans\" must have one list for each of the " + ious.size() + " \"ious\", not " + spans.size());
        }
    }

    /** 1 - mean IoU. */
    public double difficulty() {
        return DifficultyRules.of(ious);
    }

    /**
     * The IoUs of the same predictions with another annotation, such as a repaired one. The recorded IoUs if the
     * verdict has no spans, as one that videotg did not write.
     */
    public List<Double> iousWith(List<Interval> annotated) {
        return spans.isEmpty()
                ? ious
                : spans.stream()
                        .map(span -> span.isEmpty() ? 0.0 : ReplyScores.iou(annotated, span))
                        .toList();
    }
}
