package org.videotg.smallworld.pretrain;

import java.util.List;
import org.videotg.core.config.Setting;
import org.videotg.core.io.InputException;

/** A stage of pretraining. */
public record PretrainStage(
        @Setting(value = "what is trained", required = true) Kind kind,

        @Setting(value = "names of worlds, or folders with tasks.jsonl and scenes.jsonl", required = true)
        List<String> data,

        @Setting(value = "optimizer steps", required = true, range = "at least 1")
        int steps,

        @Setting(value = "videos of a step", required = true, range = "at least 1")
        int batch,

        @Setting(
                value =
                        "highest learning rate; it is constant after the warm-up and falls as a cosine from decayFrom on",
                required = true,
                range = "above 0")
        double learningRate,

        @Setting(value = "steps of the warm-up", defaultValue = "0", range = "at least 0")
        int warmup,

        @Setting(value = "share of the steps after which the rate falls", defaultValue = "0", range = "in [0, 1]")
        double decayFrom,

        @Setting(
                value = "share of the views that are masked (all kinds but vision)",
                defaultValue = "0",
                range = "in [0, 1]")
        double maskShare,

        @Setting(
                value = "yes-or-no questions per view (all kinds but vision)",
                defaultValue = "0",
                range = "at least 0")
        int probes,

        @Setting(value = "questions per video (all kinds but vision)", defaultValue = "0", range = "at least 0")
        int queries,

        @Setting(value = "weight of the vision loss; 1 for vision", defaultValue = "0")
        double visionWeight) {
    /** The kind of a stage. */
    public enum Kind {
        /**
         * Trains the vision tower alone on the attribute pairs and triples of each temporal grid (multi-label loss).
         */
        VISION,
        /**
         * Trains the lower layers of the language model on how well a query matches a grid, with short rows of a few
         * grids and many queries.
         */
        MATCH,
        /** Trains the language model on grounding, lists, yes or no, and multiple choice, with cached features. */
        TEXT,
        /** Trains the whole model on the same tasks and the vision loss. */
        JOINT
    }

    public PretrainStage {
        data = List.copyOf(data);
        if (data.isEmpty()) {
            throw new InputException("\"data\" must name at least one world");
        }
        if (kind != Kind.VISION && queries < 1) {
            throw new InputException("\"queries\" must be at least 1 for every kind but vision, not " + queries);
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
