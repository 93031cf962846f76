package org.videotg.app.measure;

import org.videotg.app.dryrun.ComputeNeed;
import org.videotg.app.dryrun.ParameterCount;
import org.videotg.models.ModelConfig;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.models.tensor.Placement;
import org.videotg.training.recipe.Recipe;

/**
 * What measuring a model takes, in advance.
 *
 * @param answering bytes of memory while it answers
 * @param disk bytes of its files, in bfloat16
 * @param answerSeconds writing and loading it, and three answers
 * @param stepSeconds two GRPO steps in a process of their own
 */
record Need(long answering, long disk, double answerSeconds, double stepSeconds) {
    /** Pessimistic: an estimate that is too low makes a measuring take longer than it may. */
    private static final double SHARE = 0.2;

    private static final double FILE_BYTES_PER_SECOND = 4e8;
    private static final double START_SECONDS = 8;
    /** Keys and values, activations, and what loading holds of one tensor. */
    private static final double BESIDE_WEIGHTS = 1.1;

    private static final int BFLOAT16 = 2;
    private static final int FLOAT32 = 4;

    /** Bytes of weights that are read from memory in a second, once for each token that is decoded. */
    private static double bandwidth(Placement placement) {
        return placement.device().isCpu() ? 5e9 : 5e11;
    }

    /**
     * Estimates.
     *
     * @param recipe of the step
     * @param prompt tokens
     * @param peak of matrix products on the device
     */
    static Need of(ModelConfig config, Recipe recipe, double prompt, Placement placement, double peak) {
        ParameterCount count = ParameterCount.of(config, recipe);
        long bytes = placement.precision() == ComputeDtype.FLOAT32 ? FLOAT32 : BFLOAT16;
        long disk = count.all() * BFLOAT16;
        int replies = recipe.grpo().group();
        int each = recipe.grpo().maxTokens();
        double speed = SHARE * peak;
        double read = disk / FILE_BYTES_PER_SECOND;
        double reading = ComputeNeed.prompt(config, count, prompt) / speed;
        double decoding = each * (double) count.text() * bytes / bandwidth(placement)
                + ComputeNeed.replies(config, count, prompt, (double) replies * each, each) / speed;
        double training = (recipe.compute().recompute() ? 4 : 3)
                * (reading + ComputeNeed.replies(config, count, prompt, (double) replies * each, each) / speed);
        return new Need(
                (long) (count.all() * bytes * BESIDE_WEIGHTS),
                disk,
                2 * read + 3 * reading + decoding,
                START_SECONDS + read + 2 * (reading + decoding + training));
    }
}
