package org.videotg.training.recipe;

import java.util.Optional;
import org.videotg.models.lora.LoraConfig;
import org.videotg.models.lora.ModuleSelection;

/**
 * Training of a LoRA adapter in place of the model's own weights.
 *
 * @param rank of the update
 * @param alpha the update is multiplied by alpha / rank, or alpha / sqrt(rank)
 * @param rslora whether by the latter
 * @param targets layers that get an update; by default every linear layer of the language model
 * @param exclude layers that do not; null for none
 */
public record LoraRecipe(int rank, double alpha, boolean rslora, ModuleSelection targets, ModuleSelection exclude) {
    private static final ModuleSelection LANGUAGE = new ModuleSelection.Expression("model\\.language_model\\..*_proj");

    /** Null without the section. */
    static LoraRecipe of(Section recipe, String key) {
        if (!recipe.has(key)) {
            return null;
        }
        Section section = recipe.section(key);
        LoraRecipe lora = section.check(() -> new LoraRecipe(
                section.integer("rank", 16, 1),
                section.number("alpha", 32),
                section.flag("rslora", false),
                selection(section, "targets").orElse(LANGUAGE),
                selection(section, "exclude").orElse(null)));
        section.check(() -> lora.config(""));
        section.done();
        return lora;
    }

    private static Optional<ModuleSelection> selection(Section section, String key) {
        return section.value(key).map(node -> ModuleSelection.of(node, "\"" + key + "\""));
    }

    /** @param baseModel name or path of the model that is trained */
    public LoraConfig config(String baseModel) {
        return new LoraConfig(rank, alpha, rslora, targets, Optional.ofNullable(exclude), baseModel);
    }
}
