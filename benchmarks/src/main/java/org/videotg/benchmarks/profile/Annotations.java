package org.videotg.benchmarks.profile;

import java.util.List;
import java.util.Objects;

/**
 * What annotation files say.
 *
 * @param truths in the order of the files
 * @param formats one for each file
 */
public record Annotations(List<Truth> truths, List<Format> formats) {
    public Annotations {
        truths = List.copyOf(truths);
        formats = List.copyOf(formats);
    }

    /** Seconds to which VideoMind rounds predictions on this set; null if no file tells. */
    public Double unit() {
        return formats.stream()
                .map(Format::unit)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Whether lmms-eval scores them by its task timelens. */
    public boolean timeLens() {
        return formats.contains(Format.TIME_LENS);
    }
}
