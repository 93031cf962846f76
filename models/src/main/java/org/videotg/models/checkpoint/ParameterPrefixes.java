package org.videotg.models.checkpoint;

import java.util.Set;

/**
 * The prefixes under which a checkpoint publishes its parts: {@code model.visual} and {@code model.language_model}, or
 * {@code visual} and {@code model}. A checkpoint is saved under the names that it was loaded with.
 *
 * @param vision of the vision tower
 * @param text of the language model
 */
public record ParameterPrefixes(String vision, String text) {
    private static final ParameterPrefixes NESTED = new ParameterPrefixes("model.visual", "model.language_model");
    private static final ParameterPrefixes FLAT = new ParameterPrefixes("visual", "model");

    /** Returns the prefixes that a checkpoint's tensors have. */
    public static ParameterPrefixes of(Set<String> tensors) {
        return tensors.stream().anyMatch(name -> name.startsWith(FLAT.vision + ".")) ? FLAT : NESTED;
    }

    /** Returns a module's name in transformers 5, given its name in any layout of checkpoints or adapters. */
    public static String canonical(String module) {
        if (module.startsWith(FLAT.vision + ".")) {
            return "model." + module;
        }
        boolean flat = module.startsWith(FLAT.text + ".")
                && !module.startsWith(NESTED.vision + ".")
                && !module.startsWith(NESTED.text + ".");
        return flat ? NESTED.text + module.substring(FLAT.text.length()) : module;
    }

    /** Tells whether a tensor belongs to the language model, its head excepted. */
    public boolean isText(String tensor) {
        return tensor.startsWith(text + ".") && !isVision(tensor);
    }

    /** Tells whether a tensor belongs to the vision tower. */
    public boolean isVision(String tensor) {
        return tensor.startsWith(vision + ".");
    }
}
