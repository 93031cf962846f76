package org.videotg.models.config;

import java.util.Set;

/**
 * Under which names a checkpoint publishes its parts. Qwen3-VL and newer files of Qwen2.5-VL: {@code model.visual} and
 * {@code model.language_model}; the published checkpoints of Qwen2.5-VL, and what transformers 5 saves of it: {@code visual} and
 * {@code model}. A checkpoint is saved under the names that it was loaded with.
 *
 * @param vision of the vision tower
 * @param text of the language model
 */
public record ParameterNames(String vision, String text) {
    private static final ParameterNames NESTED = new ParameterNames("model.visual", "model.language_model");
    private static final ParameterNames FLAT = new ParameterNames("visual", "model");

    /** The names in use among those of a checkpoint's tensors. */
    public static ParameterNames of(Set<String> tensors) {
        return tensors.stream().anyMatch(name -> name.startsWith(FLAT.vision + ".")) ? FLAT : NESTED;
    }

    /** Whether a tensor belongs to the vision tower. */
    public boolean isVision(String tensor) {
        return tensor.startsWith(vision + ".");
    }
}
