package org.videotg.core.sample;

import java.util.Locale;

/** What a sample asks for. */
public enum Task {
    /** Video temporal grounding: one interval for a sentence. */
    VTG,
    /** Every interval in which the sentence holds, or none. */
    LIST,
    /** Grounded VideoQA: a multiple-choice answer and the interval that shows it. */
    GQA;

    /** The name in jsonl files, lower case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
