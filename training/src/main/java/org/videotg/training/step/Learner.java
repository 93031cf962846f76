package org.videotg.training.step;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.Model;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.training.optim.AdamW;
import org.videotg.training.optim.AdamWSettings;
import org.videotg.training.optim.GradientClip;
import org.videotg.training.optim.LearningRate;

/** A model, the workers that make its gradients, and the optimizer that uses them. */
public final class Learner implements AutoCloseable {
    private final ParallelGradients workers;
    private final AdamW optimizer;
    private final LearningRate schedule;
    private final double clip;
    private final long steps;

    /**
     * A learner.
     *
     * @param model closed by the caller, after this object
     * @param trainVision whether the vision tower, or an adapter on it, is trained too
     * @param type in which workers compute
     * @param steps of the whole training
     */
    public Learner(
            Model model,
            boolean trainVision,
            int workers,
            torch.ScalarType type,
            AdamWSettings adamw,
            LearningRate schedule,
            double clip,
            long steps) {
        Set<String> trained = trained(model, trainVision);
        this.workers = new ParallelGradients(model, trained, workers, type);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.parameters().all().forEach((name, tensor) -> {
            if (trained.contains(name)) {
                parameters.put(name, tensor);
            }
        });
        this.optimizer = new AdamW(parameters, adamw);
        this.schedule = schedule;
        this.clip = clip;
        this.steps = steps;
    }

    /** All parameters, or only those of an adapter where the model has one. */
    private static Set<String> trained(Model model, boolean trainVision) {
        Parameters parameters = model.parameters();
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

    /** The model as the workers compute it. */
    public Model model() {
        return workers.replica();
    }

    public ParallelGradients workers() {
        return workers;
    }

    public AdamW optimizer() {
        return optimizer;
    }

    /**
     * Applies the gradients that have been gathered and clears them.
     *
     * @param loss of this step
     * @return the figures {@code loss}, {@code gradNorm} (before clipping) and {@code learningRate}
     * @throws InputException if loss or gradient is not finite; the parameters are then what they were
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
