package org.videotg.review;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.method.reflection.Decisions;

/** Which samples are listed. */
public enum Filter {
    /** The agents leave it to a person, and none has decided, or they do not agree. */
    PENDING {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.doubtful() && decisions.agreed(sample.id()).isEmpty();
        }
    },
    PARTIAL {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.partial();
        }
    },
    UNDECIDED {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.undecided();
        }
    },
    HARD {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.hard();
        }
    },
    FAILED {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.failed();
        }
    },
    /** The predictions agree with each other and contradict the annotation. */
    DISAGREEMENT {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return sample.disagreement();
        }
    },
    /** Somebody has decided. */
    DECIDED {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return !decisions.about(sample.id()).isEmpty();
        }
    },
    /** Several have decided, and do not agree. */
    SPLIT {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return decisions.about(sample.id()).stream()
                            .map(decision -> decision.choice())
                            .distinct()
                            .count()
                    > 1;
        }
    },
    ALL {
        @Override
        boolean shows(ReviewSample sample, Decisions decisions) {
            return true;
        }
    };

    abstract boolean shows(ReviewSample sample, Decisions decisions);

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
