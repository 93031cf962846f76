package org.videotg.training.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.io.InputException;
import org.videotg.training.distributed.FlatLayout;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.GradientClip;
import org.videotg.training.recipe.OptimizerSettings;

/** The last part of an optimizer step: clips the gradients that workers have accumulated and updates the weights. */
public final class WeightUpdater implements AutoCloseable {
    private final ModelWorkers workers;
    private final OptimizerSettings settings;
    private final AdamW optimizer;
    private final long steps;
    private final boolean sharded;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Creates the optimizer of the workers' trained parameters or, if they are sharded, of the slices that this rank
     * owns. Views of these belong to the open scope.
     *
     * @param steps of the whole training
     */
    public WeightUpdater(ModelWorkers workers, OptimizerSettings settings, long steps) {
        this.workers = workers;
        this.settings = settings;
        this.sharded = workers.isSharded();
        this.optimizer = sharded ? sharded(workers, settings) : new AdamW(workers.parameters(), settings.adamw());
        this.steps = steps;
    }

    private static AdamW sharded(ModelWorkers workers, OptimizerSettings settings) {
        Map<String, Tensor> owned = workers.ownedParameters();
        Set<String> decayed = owned.keySet().stream()
                .filter(key ->
                        workers.parameters().get(FlatLayout.tensorOf(key)).dim() >= 2)
                .collect(Collectors.toSet());
        return new AdamW(owned, settings.adamw(), decayed);
    }

    public AdamW optimizer() {
        return optimizer;
    }

    /** Returns whether the optimizer's state is spread over the ranks. */
    public boolean isSharded() {
        return sharded;
    }

    /**
     * Returns the lock that {@link #update} takes and the caller releases after recording the step, so that no
     * checkpoint mixes two steps.
     */
    public ReentrantLock lock() {
        return lock;
    }

    /**
     * Applies the accumulated gradients and clears them.
     *
     * @param loss of this step
     * @return the figures {@code loss}, {@code gradNorm} (before clipping) and {@code learningRate}
     * @throws InputException if the loss or a gradient is not finite; the parameters are then unchanged
     */
    public Map<String, Double> update(long step, double loss) {
        lock.lock();
        double rate = settings.learningRate().at(step, steps);
        double norm = workers.sum(gradients -> {
            double before = GradientClip.norm(gradients);
            if (!Double.isFinite(loss) || !Double.isFinite(before)) {
                throw new InputException("step " + step + ": the loss is " + loss + ", the gradient norm " + before
                        + "; lower optimizer.learningRate or optimizer.clip (the last checkpoint is kept)");
            }
            GradientClip.clip(gradients, settings.clip());
            optimizer.step(sharded ? workers.owned(gradients) : gradients, rate);
            return before;
        });
        if (sharded) {
            workers.exchangeOwned();
        }
        workers.refresh();
        workers.clear();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", loss);
        figures.put("gradNorm", norm);
        figures.put("learningRate", rate);
        return figures;
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
