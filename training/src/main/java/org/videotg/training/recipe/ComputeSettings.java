package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.models.tensor.Placement;

/**
 * Threads, device, type and memory of the computation. Trained weights, gradients and optimizer state are float32 in
 * any case.
 */
public record ComputeSettings(
        @Setting(
                value = "data-parallel threads, each with gradients of its own",
                defaultValue = "1",
                range = "in [1, 1024]")
        int workers,

        @Setting(value = "threads of one operation, for each worker", defaultValue = "1", range = "in [1, 1024]")
        int threads,

        @Setting(
                value = "whether the vision tower is trained; otherwise it is frozen and its features are cached",
                defaultValue = "false")
        boolean trainVision,

        @Setting(
                value =
                        "rows of the language model's head at a time; more rows are computed again chunk by chunk in the"
                                + " backward pass",
                defaultValue = "1024",
                range = "at least 1")
        int headChunk,

        @Setting(
                value =
                        "whether the backward pass computes each decoder layer's activations again, instead of keeping all",
                defaultValue = "false")
        boolean recompute,

        @Setting(
                value = "what is spread over the ranks of a run with several: none, or optimizer (each rank keeps the"
                        + " optimizer's state of its part of the weights)",
                defaultValue = "none")
        Shard shard,

        @Setting(value = "auto (a GPU if there is one), cpu, cuda or cuda:N", defaultValue = Placement.Choice.AUTO)
        String device,

        @Setting(
                value = "type that the model computes in: auto (bfloat16 on a GPU, float32 on the CPU), float32 or"
                        + " bfloat16",
                defaultValue = Placement.Choice.AUTO)
        String dtype) {
    /** What is spread over the ranks. */
    public enum Shard {
        NONE,
        OPTIMIZER;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ComputeSettings {
        Placement.Choice.parse(device, dtype);
    }

    /** Returns the choice of device and type. */
    public Placement.Choice placement() {
        return Placement.Choice.parse(device, dtype);
    }
}
