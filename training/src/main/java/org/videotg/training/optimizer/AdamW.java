package org.videotg.training.optimizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.config.Setting;
import org.videotg.core.io.InputException;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.Tensors;

/**
 * The AdamW optimizer. It computes what torch.optim.AdamW does, except that weight decay skips tensors of fewer than
 * two dimensions (biases, weights of norms). Its state has the parameters' published names, {@code exp_avg.NAME} and
 * {@code exp_avg_sq.NAME}, so that training can be resumed.
 */
public final class AdamW implements AutoCloseable {
    /** Settings of AdamW (arXiv 1711.05101). */
    public record Settings(
            @Setting(value = "decay rate of the mean of gradients", defaultValue = "0.9", range = "in [0, 1)")
            double beta1,

            @Setting(value = "decay rate of the mean of squared gradients", defaultValue = "0.999", range = "in [0, 1)")
            double beta2,

            @Setting(
                    value = "added to the root of the mean of squared gradients",
                    defaultValue = "1.0e-8",
                    range = "above 0")
            double eps,

            @Setting(
                    value = "decoupled weight decay, for tensors of two and more dimensions",
                    defaultValue = "0",
                    range = "at least 0")
            double weightDecay) {
        public static final Settings DEFAULT = org.videotg.core.config.Settings.defaults(Settings.class);

        public Settings {
            org.videotg.core.config.Settings.check(Settings.class, beta1, beta2, eps, weightDecay);
        }
    }

    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Settings settings;
    private long steps;

    /** @param parameters updated in place; they must outlive this object */
    public AdamW(Map<String, Tensor> parameters, Settings settings) {
        this.parameters = new LinkedHashMap<>(parameters);
        this.settings = settings;
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
            state.forEach((name, tensor) -> tensor.copy_(saved.get(name, ModelParameters.shapeOf(tensor))));
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
