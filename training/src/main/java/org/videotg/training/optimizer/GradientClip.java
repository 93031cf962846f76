package org.videotg.training.optimizer;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Gradient clipping by the global norm, as in torch.nn.utils.clip_grad_norm_. */
public final class GradientClip {
    private static final double EPSILON = 1e-6;

    private GradientClip() {}

    /** Returns the Euclidean norm over all gradients together. */
    public static double norm(Map<String, Tensor> gradients) {
        double squares = 0;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Tensor gradient : gradients.values()) {
                double norm = gradient.norm().item_double();
                squares += norm * norm;
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * Scales all gradients by min(1, max / (norm + 1e-6)).
     *
     * @param max 0 for no clipping
     * @return the norm before clipping
     */
    public static double clip(Map<String, Tensor> gradients, double max) {
        double norm = norm(gradients);
        double scale = max / (norm + EPSILON);
        if (max > 0 && scale < 1) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                Scalar factor = new Scalar(scale);
                gradients.values().forEach(gradient -> gradient.mul_(factor));
            }
        }
        return norm;
    }
}
