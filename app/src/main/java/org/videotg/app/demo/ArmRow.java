package org.videotg.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.app.report.run.ArmCost;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Verdict;
import org.videotg.method.agent.Verdicts;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * An arm in {@code arms.json}.
 *
 * @param folder relative to the demo's
 * @param samples it was trained on
 * @param compute what it has cost; CPU seconds hold reading and encoding of its videos, in equal shares per video
 */
public record ArmRow(String name, String title, String folder, int samples, ArmCost compute) {
    static ArmRow of(DemoRecipe.Arm arm, DemoRecipe recipe, DemoFolder folder, int parts) {
        String place = folder.path().relativize(folder.arm(arm.name()).path()).toString();
        if (arm.recipe() == null) {
            return new ArmRow(arm.name(), arm.title(), place, 0, ArmCost.NONE);
        }
        int samples = Samples.read(folder.data(arm.data())).size();
        JsonNode training = Json.read(folder.arm(arm.name()).compute());
        double video = secondsPerVideo(recipe, folder, parts);
        Cost cost = new Cost(
                training.path("tokenForwards").asLong(),
                training.path("cpuSeconds").asDouble() + samples * video,
                0,
                0);
        if (arm.data() != DemoRecipe.Data.SELECTED) {
            return new ArmRow(arm.name(), arm.title(), place, samples, new ArmCost(cost, Cost.NONE, 0));
        }
        var reflections = List.copyOf(
                Verdicts.read(folder.reflections(), ReflectionVerdict.class).values());
        var difficulties = List.copyOf(
                Verdicts.read(folder.difficulty(), DifficultyVerdict.class).values());
        Cost agents = cost(reflections).plus(cost(difficulties));
        // One sitting's process counts with its start; after a stop the verdicts' own figures are all that is known.
        double agentCpu = Math.max(
                        agents.cpuSeconds(),
                        Json.read(folder.agentCost(), Cost.class).cpuSeconds())
                + Math.max(0, reflections.size() - samples) * video;
        return new ArmRow(
                arm.name(),
                arm.title(),
                place,
                samples,
                new ArmCost(cost, new Cost(agents.tokenForwards(), agentCpu, 0, 0), reflections.size()));
    }

    private static double secondsPerVideo(DemoRecipe recipe, DemoFolder folder, int parts) {
        double seconds = 0;
        for (int part = 1; part <= parts; part++) {
            seconds += Json.read(folder.featureCost(part), Cost.class).cpuSeconds();
        }
        return seconds / (recipe.world().train() + recipe.world().test());
    }

    private static Cost cost(List<? extends Verdict> verdicts) {
        return verdicts.stream().map(Verdict::cost).reduce(Cost.NONE, Cost::plus);
    }
}
