package org.videotg.training.recipe;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** What a run stores of its steps beside the metrics. It does not change what is trained. */
public record LogSettings(
        @Setting(
                value = "prompts of a step whose replies are stored in rollouts.jsonl, for method grpo; 0 for none",
                defaultValue = "4",
                range = "in [0, 64]")
        int prompts,

        @Setting(
                value = "whether event files for TensorBoard are written to the folder tensorboard",
                defaultValue = "true")
        boolean tensorboard) {
    public LogSettings {
        Settings.check(LogSettings.class, prompts, tensorboard);
    }
}
