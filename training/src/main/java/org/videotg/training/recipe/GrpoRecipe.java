package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.videotg.method.reward.WeightedReward;
import org.videotg.training.loss.KlPenalty;
import org.videotg.training.loss.PolicyLoss;
import org.videotg.training.loss.RatioClip;

/**
 * GRPO's own settings.
 *
 * @param group rollouts a prompt, at least 2
 * @param temperature of rollouts and of the trained distribution, above 0
 * @param maxTokens of a rollout
 * @param scaleRewards whether advantages are divided by the group's standard deviation; null for what the loss is defined with
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GrpoRecipe(
        int group, double temperature, int maxTokens, NamedLoss loss, WeightedReward rewards, Boolean scaleRewards) {
    /** A loss beside its name, which tells apart the kinds in manifests. */
    public record NamedLoss(String name, PolicyLoss settings) {}

    private enum Name {
        DAPO,
        GRPO,
        DR_GRPO,
        BNPO,
        GSPO,
        CISPO;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static GrpoRecipe of(Section section) {
        double temperature = section.number("temperature", 1);
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw section.error("\"grpo.temperature\" must be above 0, not " + temperature);
        }
        GrpoRecipe recipe = new GrpoRecipe(
                section.integer("group", 8, 2),
                temperature,
                section.integer("maxTokens", 32, 1),
                loss(section.section("loss")),
                section.check(() ->
                        section.numbers("rewards").map(WeightedReward::new).orElse(WeightedReward.DEFAULT)),
                section.has("scaleRewards") ? section.flag("scaleRewards", true) : null);
        section.done();
        return recipe;
    }

    /** Whether advantages are divided by the group's standard deviation. */
    public boolean advantagesByStd() {
        return scaleRewards == null ? loss.settings().advantagesByStd() : scaleRewards;
    }

    private static NamedLoss loss(Section section) {
        Name name = section.choice("name", Name.DAPO, Name.values(), Name::label);
        KlPenalty kl = section.check(() -> new KlPenalty(
                section.number("beta", 0),
                section.choice("kl", KlPenalty.Estimator.K3, KlPenalty.Estimator.values(), KlPenalty.Estimator::id)));
        PolicyLoss loss = section.check(() -> switch (name) {
            case DAPO -> new PolicyLoss.Dapo(clip(section, 0.2, 0.28), kl, section.flag("overlongFilter", false));
            case GRPO -> new PolicyLoss.Grpo(clip(section, 0.2, 0.2), kl);
            case DR_GRPO -> new PolicyLoss.DrGrpo(clip(section, 0.2, 0.2), kl);
            case BNPO -> new PolicyLoss.Bnpo(clip(section, 0.2, 0.2), kl);
            case GSPO -> new PolicyLoss.Gspo(clip(section, 3e-4, 4e-4), kl);
            case CISPO -> new PolicyLoss.Cispo(section.number("epsMax", 5), kl);
        });
        section.done();
        return new NamedLoss(name.label(), loss);
    }

    private static RatioClip clip(Section section, double eps, double epsHigh) {
        return new RatioClip(section.number("eps", eps), section.number("epsHigh", epsHigh));
    }
}
