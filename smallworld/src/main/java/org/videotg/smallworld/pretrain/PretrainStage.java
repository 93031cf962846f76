package org.videotg.smallworld.pretrain;

import java.util.List;
import java.util.Objects;

/**
 * A stage of pretraining.
 *
 * @param kind what is trained
 * @param data names of worlds: folders with {@code tasks.jsonl} and {@code scenes.jsonl}
 * @param steps optimizer steps
 * @param batch videos per step
 * @param learningRate peak learning rate; constant after the warm-up, with a cosine decay from {@code decayFrom} on
 * @param warmup steps
 * @param decayFrom share of the steps after which the decay begins
 * @param maskShare share of the views that are masked (all but {@code vision})
 * @param probes yes-or-no questions per view (all but {@code vision})
 * @param queries questions per video (all but {@code vision})
 * @param visionWeight weight of the vision loss (1 in stage {@code vision})
 */
public record PretrainStage(
        Kind kind,
        List<String> data,
        int steps,
        int batch,
        double learningRate,
        int warmup,
        double decayFrom,
        double maskShare,
        int probes,
        int queries,
        double visionWeight) {
    /** The kind of a stage. */
    public enum Kind {
        /** Trains the vision tower alone, on the attribute pairs and triples in each temporal grid (multi-label loss). */
        VISION,
        /**
         * Trains the lower layers of the language model on how well a query matches a grid, with short rows of a few grids and many
         * queries.
         */
        MATCH,
        /** Trains the language model on grounding, lists, yes or no, and multiple choice, with cached features. */
        TEXT,
        /** Trains the whole model on the same tasks and the vision loss. */
        JOINT
    }

    public PretrainStage {
        Objects.requireNonNull(kind, "kind");
        data = List.copyOf(data);
        if (data.isEmpty()
                || steps < 1
                || batch < 1
                || !(learningRate > 0)
                || warmup < 0
                || !(decayFrom >= 0 && decayFrom <= 1)) {
            throw new IllegalArgumentException(
                    "a stage needs data, steps, batch and learningRate above 0 and decayFrom in [0, 1]");
        }
        if (kind != Kind.VISION && (probes < 0 || queries < 1 || !(maskShare >= 0 && maskShare <= 1))) {
            throw new IllegalArgumentException(
                    "a stage with tasks needs probes and queries above 0 and maskShare in [0, 1]");
        }
    }

    /** Returns the learning rate of a step. */
    double rate(int step) {
        if (step < warmup) {
            return learningRate * (step + 1) / warmup;
        }
        double from = decayFrom * steps;
        double done = step <= from ? 0 : (step - from) / (steps - from);
        return learningRate * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
    }
}
