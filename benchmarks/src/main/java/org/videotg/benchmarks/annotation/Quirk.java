package org.videotg.benchmarks.annotation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;

/** An oddity of published rows: always counted, repaired only on request. */
public enum Quirk {
    REVERSED("an interval ends before it starts", "its ends are swapped"),
    NEGATIVE("an interval starts before 0", "its bounds are raised to 0"),
    BEYOND("an interval ends after the video", "its bounds are lowered to the duration; this changes scores"),
    ZERO_LENGTH(
            "an interval ends where it starts, so no prediction can score",
            "it is dropped, and the row if no other interval is left"),
    DUPLICATE("an earlier row has the same video, query and intervals", "the row is dropped"),
    BLANK_ANSWER("a question without its answer", "the row is dropped"),
    AMBIGUOUS_ANSWER("another option has the same text as the right one", "the row is dropped"),
    NOT_ANNOTATED("the file gives no interval", "the row is dropped");

    private final String meaning;
    private final String fix;

    Quirk(String meaning, String fix) {
        this.meaning = meaning;
        this.fix = fix;
    }

    /** The name on the command line and in reports, such as {@code zero-length}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String meaning() {
        return meaning;
    }

    /** What the fix does. */
    public String fix() {
        return fix;
    }

    /**
     * Returns the quirk of that key.
     *
     * @throws InputException if there is none
     */
    public static Quirk of(String key) {
        return Arrays.stream(values())
                .filter(quirk -> quirk.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown quirk \"" + key + "\"; known: "
                        + Arrays.stream(values()).map(Quirk::key).collect(Collectors.joining(", "))));
    }
}
