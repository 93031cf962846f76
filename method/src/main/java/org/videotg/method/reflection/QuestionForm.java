package org.videotg.method.reflection;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the agent asks about the reflected view (defined by this project). */
public enum QuestionForm {
    /** "Every time it happens, or none": any model can answer. */
    LIST,
    /** The probability of "yes" for each visible grid: needs the capability {@link org.videotg.core.mllm.YesNo}. */
    PROBE;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
