package org.videotg.training.recipe;

import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.LearningRate;

/**
 * AdamW with its schedule.
 *
 * @param clip highest global gradient norm; 0 for no clipping
 */
public record OptimizerRecipe(LearningRate learningRate, AdamW.Settings adamw, double clip) {
    static OptimizerRecipe of(Section section) {
        LearningRate rate = section.check(() -> new LearningRate(
                section.number("learningRate", 1e-5),
                section.number("warmup", 0),
                section.number("hold", 0),
                section.choice(
                        "schedule", LearningRate.Decay.LINEAR, LearningRate.Decay.values(), LearningRate.Decay::id)));
        AdamW.Settings base = AdamW.Settings.DEFAULT;
        AdamW.Settings adamw = section.check(() -> new AdamW.Settings(
                section.number("beta1", base.beta1()),
                section.number("beta2", base.beta2()),
                section.number("eps", base.eps()),
                section.number("weightDecay", base.weightDecay())));
        double clip = section.number("clip", 1);
        if (!(clip >= 0)) {
            throw section.error("\"optimizer.clip\" must be 0 (none) or more, not " + clip);
        }
        section.done();
        return new OptimizerRecipe(rate, adamw, clip);
    }
}
