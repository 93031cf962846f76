package org.videotg.training.recipe;

import java.util.Optional;
import org.videotg.core.config.Setting;
import org.videotg.models.lora.LoraConfig;
import org.videotg.models.lora.ModuleSelection;

/** Settings of a new LoRA adapter that is trained in place of the model's own weights. */
public record LoraSettings(
        @Setting(value = "rank of the update", defaultValue = "16", range = "at least 1")
        int rank,

        @Setting(
                value = "scale: the update is multiplied by alpha / rank, or by alpha / sqrt(rank)",
                defaultValue = "32")
        double alpha,

        @Setting(value = "whether the scale is alpha / sqrt(rank)", defaultValue = "false")
        boolean rslora,

        @Setting(
                value =
                        "layers that get an update: the last parts of their names, or a regular expression for whole names;"
                                + " by default every linear layer of the language model",
                defaultValue = "'model\\.language_model\\..*_proj'",
                type = "list of names, or regular expression")
        ModuleSelection targets,

        @Setting(value = "layers among these that get none", type = "list of names, or regular expression")
        ModuleSelection exclude) {
    public LoraSettings {
        new LoraConfig(rank, alpha, rslora, targets, Optional.ofNullable(exclude), "");
    }

    /** @param baseModel name or path of the model that is trained */
    public LoraConfig config(String baseModel) {
        return new LoraConfig(rank, alpha, rslora, targets, Optional.ofNullable(exclude), baseModel);
    }
}
