package org.videotg.benchmarks.profile;

import java.util.Objects;

/**
 * An annotated row with what was predicted for it.
 *
 * @param prediction null if there is none
 */
public record Pair(Truth truth, PredictedRow prediction) {
    public Pair {
        Objects.requireNonNull(truth, "truth");
    }
}
