package org.videotg.training.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.videotg.core.io.InputException;
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
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Creates the optimizer of the workers' trained parameters.
     *
     * @param steps of the whole training
     */
    public WeightUpdater(ModelWorkers workers, OptimizerSettings settings, long steps) {
        this.workers = workers;
        this.settings = settings;
        this.optimizer = new AdamW(workers.parameters(), settings.adamw());
        this.steps = steps;
    }

    public AdamW optimizer() {
        return optimizer;
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
            optimizer.step(gradients, rate);
            return before;
        });
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
