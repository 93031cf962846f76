package org.videotg.smallworld.pretrain;

import java.util.List;
import java.util.Objects;

/**
 * One stage of pretraining.
 *
 * @param kind what is trained
 * @param data worlds, folders with {@code tasks.jsonl} and {@code scenes.jsonl}
 * @param steps optimizer steps
 * @param batch videos a step
 * @param learningRate at its peak; it is constant after the warm-up and falls as a cosine from {@code decayFrom} on
 * @param warmup steps
 * @param decayFrom share of the steps after which the rate falls
 * @param maskShare share of the views that are masked (all but {@code vision})
 * @param probes yes-or-no questions a view (all but {@code vision})
 * @param queries questions a video (all but {@code vision})
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
    /** What a stage trains. */
    public enum Kind {
        /** The vision tower alone: which attributes and conjunctions can be seen in each temporal grid (multi-label loss). */
        VISION,
        /**
         * The lower half of the language model on the match of query and grid alone: short rows of a few grids, many queries.
         * What an answer needs first, learnt where it costs least.
         */
        MATCH,
        /** The language model on grounding, listing, yes or no, and multiple choice, over cached features of the frozen tower. */
        TEXT,
        /** The whole model on the same tasks; the vision loss stays on. */
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

    double rate(int step) {
        if (step < warmup) {
            return learningRate * (step + 1) / warmup;
        }
        double from = decayFrom * steps;
        double done = step <= from ? 0 : (step - from) / (steps - from);
        return learningRate * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
    }
}
