package org.videotg.train.recipe;

/**
 * Where the computing goes.
 *
 * @param workers data-parallel threads, each with gradients of its own
 * @param threads of one operation, for each worker
 * @param trainVision whether the vision tower trains; otherwise it is frozen and its features are cached
 * @param headChunk rows of the language model's head at a time; more rows are recomputed chunk by chunk in the backward pass
 */
public record ComputeRecipe(int workers, int threads, boolean trainVision, int headChunk) {
    static ComputeRecipe of(Section section) {
        ComputeRecipe compute = new ComputeRecipe(section.integer("workers", 1, 1), section.integer("threads", 1, 1),
                section.flag("trainVision", false), section.integer("headChunk", 1024, 1));
        section.done();
        return compute;
    }
}
