package org.videotg.training.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.Model;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.GradientClip;
import org.videotg.training.optimizer.LearningRate;
import org.videotg.training.recipe.ComputeSettings;
import org.videotg.training.recipe.OptimizerSettings;

/** A model being trained: the workers that compute its gradients, and the optimizer that applies them. */
public final class WeightUpdater implements AutoCloseable {
    private final ModelWorkers workers;
    private final AdamW optimizer;
    private final LearningRate schedule;
    private final double clip;
    private final long steps;

    /**
     * Creates a learner.
     *
     * @param model closed by the caller, after this object
     * @param compute the number of workers, and whether the vision tower, or an adapter on it, is trained too
     * @param type in which the workers compute
     * @param steps of the whole training
     */
    public WeightUpdater(
            Model model, ComputeSettings compute, torch.ScalarType type, OptimizerSettings optimizer, long steps) {
        Set<String> trained = trained(model, compute.trainVision());
        this.workers = new ModelWorkers(model, trained, compute.workers(), type);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.parameters().all().forEach((name, tensor) -> {
            if (trained.contains(name)) {
                parameters.put(name, tensor);
            }
        });
        this.optimizer = new AdamW(parameters, optimizer.adamw());
        this.schedule = optimizer.learningRate();
        this.clip = optimizer.clip();
        this.steps = steps;
    }

    /** Returns the names of the trained parameters: the adapter's if there is one, else all that are not frozen. */
    private static Set<String> trained(Model model, boolean trainVision) {
        ModelParameters parameters = model.parameters();
        if (parameters.updates().isEmpty()) {
            return parameters.all().keySet().stream()
                    .filter(name -> trainVision || !model.names().isVision(name))
                    .collect(Collectors.toUnmodifiableSet());
        }
        if (!trainVision && parameters.updates().keySet().stream().anyMatch(model.names()::isVision)) {
            throw new InputException("the adapter's targets match layers of the vision tower, which is frozen; set"
                    + " compute.trainVision=true, or choose other lora.targets or another adapter");
        }
        return parameters.updates().values().stream()
                .flatMap(update -> Stream.of(update.down(), update.up()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the model as the workers compute it. */
    public Model model() {
        return workers.replica();
    }

    public ModelWorkers workers() {
        return workers;
    }

    public AdamW optimizer() {
        return optimizer;
    }

    /**
     * Applies the accumulated gradients and clears them.
     *
     * @param loss of this step
     * @return the figures {@code loss}, {@code gradNorm} (before clipping) and {@code learningRate}
     * @throws InputException if the loss or a gradient is not finite; the parameters are then unchanged
     */
    public Map<String, Double> update(long step, double loss) {
        double rate = schedule.at(step, steps);
        double norm = workers.sum(gradients -> {
            double before = GradientClip.norm(gradients);
            if (!Double.isFinite(loss) || !Double.isFinite(before)) {
                throw new InputException("step " + step + ": the loss is " + loss + ", the gradient norm " + before
                        + "; lower optimizer.learningRate or optimizer.clip (the last checkpoint is kept)");
            }
            GradientClip.clip(gradients, clip);
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
        workers.close();
    }
}
