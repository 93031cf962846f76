package org.videotg.review;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.method.reflection.Decisions;

/** Which samples are listed. */
public enum Filter {
    /** The agents leave it to a person, and none has decided, or they do not agree. */
    PENDING((sample, decisions) ->
            sample.doubtful() && decisions.agreed(sample.id()).isEmpty()),
    PARTIAL((sample, decisions) -> sample.partial()),
    UNDECIDED((sample, decisions) -> sample.undecided()),
    HARD((sample, decisions) -> sample.hard()),
    FAILED((sample, decisions) -> sample.failed()),
    /** The predictions agree with each other and contradict the annotation. */
    DISAGREEMENT((sample, decisions) -> sample.disagreement()),
    /** Somebody has decided. */
    DECIDED((sample, decisions) -> !decisions.about(sample.id()).isEmpty()),
    /** Several have decided, and do not agree. */
    SPLIT((sample, decisions) -> decisions.about(sample.id()).stream()
                    .map(decision -> decision.choice())
                    .distinct()
                    .count()
            > 1),
    ALL((sample, decisions) -> true);

    private final BiPredicate<ReviewSample, Decisions> rule;

    Filter(BiPredicate<ReviewSample, Decisions> rule) {
        this.rule = rule;
    }

    boolean shows(ReviewSample sample, Decisions decisions) {
        return rule.test(sample, decisions);
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The filter of that id.
     *
     * @throws InputException listing those that are known
     */
    public static Filter named(String id) {
        return Arrays.stream(values())
                .filter(filter -> filter.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown filter \"" + id + "\"; known: "
                        + Arrays.stream(values()).map(Filter::id).collect(Collectors.joining(", "))));
    }
}
