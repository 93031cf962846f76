package org.videotg.training.sft;

import java.util.Comparator;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

/** The reply that a sample is trained to give. */
final class Replies {
    private Replies() {}

    /** A question for one interval is answered with the longest where several are annotated, and "none" where none is. */
    static String of(PromptTemplate template, Sample sample) {
        return switch (sample.task()) {
            case VTG ->
                sample.intervals().isEmpty() ? template.reply(sample.intervals()) : template.reply(longest(sample));
            case LIST -> template.reply(sample.intervals());
            case GQA -> {
                if (sample.answer() == null || sample.intervals().isEmpty()) {
                    throw new InputException("sample \"" + sample.id()
                            + "\" (task gqa) lacks \"answer\" or \"intervals\"; " + "supervised training needs both");
                }
                yield template.reply(sample.answer(), sample.intervals());
            }
        };
    }

    private static Interval longest(Sample sample) {
        return sample.intervals().stream()
                .max(Comparator.comparingDouble(Interval::length))
                .orElseThrow();
    }
}
