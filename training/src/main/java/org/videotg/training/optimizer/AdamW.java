package org.videotg.training.optimizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.Tensors;

/**
 * The AdamW optimizer. It computes what torch.optim.AdamW does, except that weight decay skips tensors of fewer than
 * two dimensions (biases, weights of norms). Its state has the parameters' published names, {@code exp_avg.NAME} and
 * {@code exp_avg_sq.NAME}, so that training can be resumed.
 */
public final class AdamW implements AutoCloseable {
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final AdamWSettings settings;
    private final Set<String> decayed;
    private long steps;

    /** @param parameters updated in place; they must outlive this object */
    public AdamW(Map<String, Tensor> parameters, AdamWSettings settings) {
        this(
                parameters,
                settings,
                parameters.entrySet().stream()
                        .filter(parameter -> parameter.getValue().dim() >= 2)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    /**
     * Creates an optimizer of parameters, or of parts of them.
     *
     * @param parameters updated in place; they must outlive this object
     * @param decayed names of those that the weight decay concerns
     */
    public AdamW(Map<String, Tensor> parameters, AdamWSettings settings, Set<String> decayed) {
        this.parameters = new LinkedHashMap<>(parameters);
        this.settings = settings;
        this.decayed = Set.copyOf(decayed);
        try (PointerScope scope = new PointerScope()) {
            parameters.forEach((name, parameter) -> {
                state.put(FIRST + name, Tensors.keep(torch.zeros_like(parameter)));
                state.put(SECOND + name, Tensors.keep(torch.zeros_like(parameter)));
            });
        }
    }

    /** Returns the number of steps done. */
    public long steps() {
        return steps;
    }

    /** Returns the state's tensors by name; they belong to this object. */
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    /**
     * Restores a saved state.
     *
     * @throws InputException if a tensor is missing or has another shape
     */
    public void restore(ModelParameters saved, long stepsDone) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            state.forEach((name, tensor) -> tensor.copy_(saved.get(name, Tensors.shape(tensor))));
        }
        steps = stepsDone;
    }

    /**
     * Updates the parameters.
     *
     * @param gradients by name, one for each parameter
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
                    if (settings.weightDecay() > 0 && decayed.contains(name)) {
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
