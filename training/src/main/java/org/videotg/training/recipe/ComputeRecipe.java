package org.videotg.training.recipe;

import org.videotg.models.tensor.PlacementChoice;

/**
 * Where the computing goes.
 *
 * @param workers data-parallel threads, each with gradients of its own
 * @param threads of one operation, for each worker
 * @param trainVision whether the vision tower trains; otherwise it is frozen and its features are cached
 * @param headChunk rows of the language model's head at a time; more rows are recomputed chunk by chunk in the backward pass
 * @param recompute whether a backward pass computes each decoder layer's activations anew, instead of keeping those of all
 * @param device auto (a GPU where there is one), cpu, cuda or cuda:N
 * @param dtype of the model's computing: auto (bfloat16 on a GPU, float32 on the CPU), float32 or bfloat16; the trained weights,
 *     their gradients and the optimizer's state are float32 in any case
 */
public record ComputeRecipe(
        int workers, int threads, boolean trainVision, int headChunk, boolean recompute, String device, String dtype) {
    static ComputeRecipe of(Section section) {
        ComputeRecipe compute = new ComputeRecipe(
                section.integer("workers", 1, 1),
                section.integer("threads", 1, 1),
                section.flag("trainVision", false),
                section.integer("headChunk", 1024, 1),
                section.flag("recompute", false),
                section.text("device", PlacementChoice.AUTO),
                section.text("dtype", PlacementChoice.AUTO));
        section.check(compute::placement);
        section.done();
        return compute;
    }

    /** What is said about device and dtype. */
    public PlacementChoice placement() {
        return PlacementChoice.parse(device, dtype);
    }
}
