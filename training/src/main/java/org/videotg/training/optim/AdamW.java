package org.videotg.training.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.tensor.Tensors;

/**
 * AdamW with weight decay on tensors of two and more dimensions only: biases and the weights of norms are not decayed. Otherwise it
 * computes what torch.optim.AdamW does. Its state is kept by the parameters' published names, so that it can be saved and read
 * back: {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}, and the number of steps done.
 */
public final class AdamW implements AutoCloseable {
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final AdamWSettings settings;
    private long steps;

    /** @param parameters are updated in place; they must outlive this object */
    public AdamW(Map<String, Tensor> parameters, AdamWSettings settings) {
        this.parameters = new LinkedHashMap<>(parameters);
        this.settings = settings;
        try (PointerScope scope = new PointerScope()) {
            parameters.forEach((name, parameter) -> {
                state.put(FIRST + name, Tensors.keep(torch.zeros_like(parameter)));
                state.put(SECOND + name, Tensors.keep(torch.zeros_like(parameter)));
            });
        }
    }

    /** Steps done. */
    public long steps() {
        return steps;
    }

    /** The state's tensors by name; they belong to this object. */
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    /**
     * Goes on from a saved state.
     *
     * @throws InputException if a tensor is missing or of another shape
     */
    public void restore(Parameters saved, long stepsDone) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            state.forEach((name, tensor) -> tensor.copy_(saved.get(name, Parameters.shapeOf(tensor))));
        }
        steps = stepsDone;
    }

    /**
     * One step.
     *
     * @param gradients by name, one for every parameter
     * @param learningRate of this step
     */
    public void step(Map<String, Tensor> gradients, double learningRate) {
        steps++;
        double correction1 = 1 - Math.pow(settings.beta1(), (double) steps);
        double correction2 = 1 - Math.pow(settings.beta2(), (double) steps);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Scalar take1 = new Scalar(1 - settings.beta1());
            Scalar keep2 = new Scalar(settings.beta2());
            Scalar take2 = new Scalar(1 - settings.beta2());
            Scalar root = new Scalar(Math.sqrt(correction2));
            Scalar eps = new Scalar(settings.eps());
            Scalar size = new Scalar(-learningRate / correction1);
            Scalar shrink = new Scalar(1 - learningRate * settings.weightDecay());
            parameters.forEach((name, parameter) -> {
                try (PointerScope inner = new PointerScope()) {
                    Tensor gradient = gradients.get(name);
                    Tensor first = state.get(FIRST + name);
                    Tensor second = state.get(SECOND + name);
                    if (settings.weightDecay() > 0 && parameter.dim() >= 2) {
                        parameter.mul_(shrink);
                    }
                    first.lerp_(gradient, take1);
                    second.mul_(keep2).addcmul_(gradient, gradient, take2);
                    parameter.addcdiv_(first, second.sqrt().div_(root).add_(eps), size);
                }
            });
        }
    }

    @Override
    public void close() {
        state.values().forEach(Tensors::release);
        state.clear();
    }
}
