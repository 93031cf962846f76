package org.videotg.method.reflection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.videotg.core.sample.Interval;

/**
 * What a person decided about a sample; a row
 * {@code {"id","decision":"keep|discard|repair|unsure","intervals":[[s,e]],"reviewer","time","sample"}}, of which the
 * first two are needed.
 *
 * @param intervals of the repaired annotation in seconds, with the decision repair only; null for the annotation and
 *     the reflected spans
 * @param reviewer who decided; empty if the row does not say
 * @param time when, as ISO 8601 in UTC; null if the row does not say
 * @param sample fingerprint of the sample that was shown ({@link org.videotg.method.agent.Verdict#fingerprint}); null
 *     if the row does not say
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"id", "decision", "intervals", "reviewer", "time", "sample"})
public record ReviewDecision(
        @JsonProperty("id") String id,
        @JsonProperty("decision") Choice choice,
        @JsonProperty("intervals") List<Interval> intervals,
        @JsonProperty("reviewer") String reviewer,
        @JsonProperty("time") String time,
        @JsonProperty("sample") String sample) {
    /** The decision. */
    public enum Choice {
        KEEP,
        DISCARD,
        REPAIR,
        /** The reviewer can't tell. */
        UNSURE,
        /** The reviewer takes back what was decided before. */
        WITHDRAWN;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonCreator
    public ReviewDecision {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(choice, "\"decision\" is missing; give keep, discard, repair or unsure");
        reviewer = reviewer == null ? "" : reviewer;
        if (intervals != null) {
            intervals = List.copyOf(intervals);
            if (choice != Choice.REPAIR) {
                throw new IllegalArgumentException(
                        "\"intervals\" belong to the decision repair, not to " + choice.id());
            }
            if (intervals.isEmpty() || intervals.stream().anyMatch(span -> span.isEmpty() || span.start() < 0)) {
                throw new IllegalArgumentException("\"intervals\" must be pairs [start, end] with 0 <= start < end, at"
                        + " least one; a sample that happens nowhere is one to discard");
            }
        }
    }

    /** A decision of which nothing else is known; repair means the annotation and the reflected spans. */
    public static ReviewDecision of(String id, Choice choice) {
        return new ReviewDecision(id, choice, null, null, null, null);
    }
}
