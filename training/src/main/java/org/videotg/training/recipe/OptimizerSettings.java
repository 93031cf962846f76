package org.videotg.training.recipe;

import org.videotg.core.config.Setting;
import org.videotg.training.optimizer.AdamWSettings;
import org.videotg.training.optimizer.LearningRate;

/** Settings of AdamW, its learning rate and gradient clipping. */
public record OptimizerSettings(
        @Setting.Inline LearningRate learningRate,
        @Setting.Inline AdamWSettings adamw,

        @Setting(
                value = "highest global norm of the gradient; 0 is no clipping",
                defaultValue = "1",
                range = "at least 0")
        double clip) {}
