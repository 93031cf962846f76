package org.videotg.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;

/** Where a run's files lie. */
public record RunFolder(Path path) {
    /** The trained model in Hugging Face layout; appears when training is done. */
    public Path model() {
        return path.resolve("model");
    }

    /** The trained adapter in PEFT's format, if one is trained; the model then has it merged. */
    public Path adapter() {
        return path.resolve("adapter");
    }

    /** One row a step. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** What the run has cost; appears when training is done, after the model. */
    public Path compute() {
        return path.resolve("compute.json");
    }

    public Checkpoints checkpoints() {
        return new Checkpoints(path.resolve("checkpoints"));
    }

    /** Whether a step has been done here. */
    public boolean begun() {
        return Files.exists(metrics()) || checkpoints().latest().isPresent();
    }

    public boolean finished() {
        return Files.exists(compute());
    }

    /** The furthest step that was ever reached, or -1. */
    public long furthestStep() {
        long furthest = -1;
        for (Jsonl.Row row : Jsonl.recover(metrics())) {
            furthest = Math.max(furthest, row.node().path("step").asLong(-1));
        }
        return furthest;
    }

    /** Cuts off the rows of steps that the checkpoint has not seen: they will be done again. */
    void cutMetrics(long steps) {
        List<JsonNode> kept = new ArrayList<>();
        for (Jsonl.Row row : Jsonl.recover(metrics())) {
            if (row.node().path("step").asLong(-1) < steps) {
                kept.add(row.node());
            }
        }
        Jsonl.write(metrics(), kept);
    }

    /** @throws InputException if a run lies here and is not to be resumed; where there is none, resuming begins it */
    void check(boolean resume) {
        if (!resume && begun()) {
            throw new InputException(path + " holds a run already; continue it with --resume, or choose another --out");
        }
    }
}
