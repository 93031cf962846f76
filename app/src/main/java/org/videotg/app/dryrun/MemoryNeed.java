package org.videotg.app.dryrun;

import org.videotg.models.ModelConfig;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.training.distributed.FlatLayout;
import org.videotg.training.recipe.ComputeSettings;
import org.videotg.training.recipe.Recipe;

/**
 * Bytes at the peak of a training step, by purpose. Each worker processes one row at a time and keeps all its
 * activations or, with {@code compute.recompute}, those of one layer and the inputs of all layers.
 *
 * @param weights of the model, in float32 where they are trained, and rounded copies where the workers compute in
 *     another type
 * @param gradients of the trained parameters in float32, for every worker
 * @param optimizer both moments of AdamW, float32
 * @param reference a second model if the loss has a KL penalty and no adapter is trained
 * @param activations kept for the backward pass of a packed row, and the gradients of the widest of them
 * @param logits of the reply tokens that the head processes at a time
 * @param gradientBuffer gradient of the largest matrix before it is added to the sum; twice if embedding and head share
 *     weights
 * @param exchange buffers for the gradients of the other ranks; 0 for a single process
 * @param rollouts keys and values of the prompts of a batch and their replies during generation, freed before the
 *     activations are allocated
 */
public record MemoryNeed(
        long weights,
        long gradients,
        long optimizer,
        long reference,
        long activations,
        long logits,
        long gradientBuffer,
        long exchange,
        long rollouts) {
    private static final int FLOAT = 4;
    private static final int MOMENTS = 2;
    /** Logits, their softmax, and the gradients of both. */
    private static final int HEAD_COPIES = 4;

    /** Returns the memory for rows of that shape. */
    public static MemoryNeed of(
            ModelConfig config, Recipe recipe, ParameterCount count, StepShape shape, ComputeDtype precision) {
        boolean adapter = recipe.lora() != null || recipe.adapter() != null;
        int bytes = precision == ComputeDtype.FLOAT32 ? FLOAT : 2;
        int workers = recipe.compute().workers();
        long rounded = bytes == FLOAT ? 0 : bytes;
        // The base of an adapter keeps the type of the checkpoint: bfloat16, as published, when computing in bfloat16.
        long weights = adapter
                ? count.all() * bytes + count.trained() * FLOAT
                : count.all() * FLOAT + (count.all() - count.trained()) * rounded + workers * count.trained() * rounded;
        int layers = config.text().numLayers();
        double layer = layerBytes(config.text(), shape, bytes, adapter);
        double row = shape.rowTokens()
                        * (recipe.compute().recompute()
                                ? layer + (double) layers * config.text().hiddenSize() * bytes
                                : layers * layer)
                + shape.rowTokens() * config.text().intermediateSize() * bytes * 2.0;
        double vision = recipe.compute().trainVision()
                ? shape.patches() * config.vision().depth() * blockBytes(config.vision(), bytes)
                : 0;
        double rows =
                Math.min(shape.replies() * shape.replyTokens(), recipe.compute().headChunk());
        double cache = recipe.grpo() == null && recipe.validation() == null
                ? 0
                : 2.0
                        * config.text().numLayers()
                        * config.text().numKeyValueHeads()
                        * config.text().headDim()
                        * bytes
                        * shape.rowTokens()
                        * recipe.promptsTogether();
        return new MemoryNeed(
                weights,
                workers * count.trained() * FLOAT,
                count.trained() * MOMENTS * FLOAT,
                recipe.needsReference() && !adapter ? count.all() * bytes : 0,
                (long) (workers * (row + vision)),
                (long) (workers * rows * config.text().vocabSize() * FLOAT * HEAD_COPIES),
                workers * count.largest() * FLOAT * (config.tieWordEmbeddings() ? 2 : 1),
                0,
                (long) (workers * cache));
    }

    /** Returns the memory of one of several ranks. */
    public MemoryNeed inRanks(int ranks, Recipe recipe, ComputeDtype precision) {
        if (ranks == 1) {
            return this;
        }
        int workers = recipe.compute().workers();
        boolean sharded = recipe.compute().shard() == ComputeSettings.Shard.OPTIMIZER;
        long masters = gradients / workers;
        boolean freed =
                sharded && precision != ComputeDtype.FLOAT32 && recipe.lora() == null && recipe.adapter() == null;
        return new MemoryNeed(
                freed ? weights - masters + part(masters, ranks) : weights,
                gradients,
                sharded ? part(optimizer, ranks) : optimizer,
                reference,
                activations,
                logits,
                gradientBuffer,
                workers * Math.min(gradients / workers, FlatLayout.IN_FLIGHT * FlatLayout.BUCKET * FLOAT),
                rollouts);
    }

    private static long part(long bytes, int ranks) {
        return (bytes + ranks - 1) / ranks;
    }

    /**
     * Returns the bytes that autograd keeps of one decoder layer for one token: norms, projections, attention and
     * SwiGLU.
     */
    private static double layerBytes(TextConfig text, StepShape shape, int bytes, boolean adapter) {
        double hidden = text.hiddenSize();
        double queries = (double) text.numHeads() * text.headDim();
        double keys = (double) text.numKeyValueHeads() * text.headDim();
        // A norm keeps its input in float32, the normalised input, and its output.
        double norms = 2 * hidden * (FLOAT + 2 * bytes);
        double heads = text.headNorm() ? (queries + keys) * (FLOAT + bytes) : 0;
        // Keys and values are repeated for every query head, once for the prompt and once for the replies over the
        // whole row.
        double share = 1 + shape.promptTokens() / shape.rowTokens();
        double repeated = text.numHeads() == text.numKeyValueHeads() ? 2 * keys : 2 * queries * share;
        double attention = (3 * queries + repeated) * bytes;
        double inner = 4.0 * text.intermediateSize() * bytes;
        // Below float32 an adapter reads each layer's input in float32.
        double read = adapter && bytes < FLOAT ? FLOAT * (5 * hidden + queries + text.intermediateSize()) : 0;
        return norms + heads + attention + inner + read;
    }

    private static double blockBytes(VisionConfig vision, int bytes) {
        return (double) bytes * (12.0 * vision.hiddenSize() + 4.0 * vision.intermediateSize());
    }

    /** Returns the peak: rollouts, activations and exchange are never in memory together. */
    public long total() {
        return weights
                + gradients
                + optimizer
                + reference
                + Math.max(Math.max(activations + logits + gradientBuffer, exchange), rollouts);
    }
}
