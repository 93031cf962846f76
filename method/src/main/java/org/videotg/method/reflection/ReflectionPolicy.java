package org.videotg.method.reflection;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;

/**
 * What happens to a partially annotated sample. Whatever the policy, a stored decision of a person overrides the
 * agent's verdict. Samples that are not partial, or undecided, are kept; a sample that could not be judged is left out.
 */
public enum ReflectionPolicy {
    /** The sample is dropped, as in the paper. */
    DISCARD,
    /** Its annotation A becomes the multi-interval A + R (defined by this project). */
    REPAIR,
    /** It is left out until a person has decided (defined by this project). */
    REVIEW;

    /** A sample's status after reflection. */
    public enum Status {
        KEPT,
        REPAIRED,
        DISCARDED,
        /** Waits for a person's decision. */
        PENDING,
        /** Could not be judged. */
        FAILED
    }

    /** A sample's status and, if it is kept, the sample to use from here on. */
    public record Outcome(Status status, Optional<Sample> sample) {}

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The policy of that id.
     *
     * @throws InputException listing those that are known
     */
    public static ReflectionPolicy named(String id) {
        return Arrays.stream(values())
                .filter(policy -> policy.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown policy \"" + id + "\"; known: "
                        + Arrays.stream(values()).map(ReflectionPolicy::id).collect(Collectors.joining(", "))));
    }

    /** Applies this policy; {@code decision} is what a person has said about the sample, if anyone did. */
    public Outcome apply(Sample sample, ReflectionVerdict verdict, Optional<ReviewDecision.Choice> decision) {
        if (verdict.failed()) {
            return new Outcome(Status.FAILED, Optional.empty());
        }
        Status status =
                decision.map(ReflectionPolicy::decided).orElseGet(() -> verdict.partial() ? partial() : Status.KEPT);
        return switch (status) {
            case KEPT -> new Outcome(status, Optional.of(sample));
            case REPAIRED ->
                verdict.spans().isEmpty()
                        ? new Outcome(Status.KEPT, Optional.of(sample))
                        : new Outcome(status, Optional.of(repaired(sample, verdict.spans())));
            case DISCARDED, PENDING, FAILED -> new Outcome(status, Optional.empty());
        };
    }

    /** A + R, merged. */
    private static Sample repaired(Sample sample, List<Interval> reflected) {
        List<Interval> all = new ArrayList<>(sample.intervals());
        all.addAll(reflected);
        return sample.withIntervals(Intervals.merge(all));
    }

    private static Status decided(ReviewDecision.Choice choice) {
        return switch (choice) {
            case KEEP -> Status.KEPT;
            case DISCARD -> Status.DISCARDED;
            case REPAIR -> Status.REPAIRED;
        };
    }

    private Status partial() {
        return switch (this) {
            case DISCARD -> Status.DISCARDED;
            case REPAIR -> Status.REPAIRED;
            case REVIEW -> Status.PENDING;
        };
    }
}
