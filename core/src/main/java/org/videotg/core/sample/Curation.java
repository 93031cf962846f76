package org.videotg.core.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.Json;

/**
 * What the agents found out about a selected sample; it travels with the sample as its field {@code "curation"}.
 *
 * @param difficulty 1 - mean IoU, with the annotation the sample is trained on
 * @param hard whether the mask curriculum applies
 * @param reflected query-relevant spans outside the original annotation, seconds
 * @param undecided whether reflection came to no verdict
 * @param repaired whether the annotation was widened by the reflected spans
 */
public record Curation(double difficulty, boolean hard, List<Interval> reflected, boolean undecided, boolean repaired) {
    private static final String FIELD = "curation";

    public Curation {
        reflected = reflected == null ? List.of() : List.copyOf(reflected);
    }

    /** What the sample carries, if it was selected by the agents' verdicts. */
    public static Optional<Curation> of(Sample sample) {
        JsonNode node = sample.extra().get(FIELD);
        return Optional.ofNullable(node)
                .map(value ->
                        Json.convert(value, Curation.class, "sample \"" + sample.id() + "\", field \"curation\""));
    }

    /** The sample with this curation. */
    public Sample onto(Sample sample) {
        return sample.withExtra(FIELD, Json.MAPPER.valueToTree(this));
    }
}
