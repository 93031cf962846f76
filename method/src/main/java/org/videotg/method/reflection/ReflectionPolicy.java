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
 * What happens to a partially annotated sample. Whatever the policy, a decision of people overrides the agent's verdict,
 * also that a sample could not be judged. Samples that are not partial, or undecided, are kept; a sample that could not
 * be judged is left out.
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

    /**
     * A sample's status.
     *
     * @param sample to use from here on; empty unless it is kept or repaired
     * @param byPerson whether a person has decided
     */
    public record Outcome(Status status, Optional<Sample> sample, boolean byPerson) {}

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

    /**
     * Applies this policy.
     *
     * @param decision of people about the sample, if they agree on one; that they can't tell is none
     */
    public Outcome apply(Sample sample, ReflectionVerdict verdict, Optional<ReviewDecision> decision) {
        return decision.flatMap(decided -> decided(sample, verdict, decided)).orElseGet(() -> agents(sample, verdict));
    }

    private Outcome agents(Sample sample, ReflectionVerdict verdict) {
        Status status = verdict.failed() ? Status.FAILED : verdict.partial() ? partial() : Status.KEPT;
        return new Outcome(
                status,
                switch (status) {
                    case KEPT -> Optional.of(sample);
                    case REPAIRED -> Optional.of(repaired(sample, verdict.spans()));
                    case DISCARDED, PENDING, FAILED -> Optional.empty();
                },
                false);
    }

    private static Optional<Outcome> decided(Sample sample, ReflectionVerdict verdict, ReviewDecision decision) {
        return Optional.ofNullable(
                switch (decision.choice()) {
                    case KEEP -> new Outcome(Status.KEPT, Optional.of(sample), true);
                    case DISCARD -> new Outcome(Status.DISCARDED, Optional.empty(), true);
                    case REPAIR ->
                        decision.intervals() == null && verdict.spans().isEmpty()
                                ? new Outcome(Status.KEPT, Optional.of(sample), true)
                                : new Outcome(
                                        Status.REPAIRED,
                                        Optional.of(
                                                decision.intervals() == null
                                                        ? repaired(sample, verdict.spans())
                                                        : sample.withIntervals(decision.intervals())),
                                        true);
                    case UNSURE, WITHDRAWN -> null;
                });
    }

    /** A + R, merged. */
    private static Sample repaired(Sample sample, List<Interval> reflected) {
        List<Interval> all = new ArrayList<>(sample.intervals());
        all.addAll(reflected);
        return sample.withIntervals(Intervals.merge(all));
    }

    private Status partial() {
        return switch (this) {
            case DISCARD -> Status.DISCARDED;
            case REPAIR -> Status.REPAIRED;
            case REVIEW -> Status.PENDING;
        };
    }
}
