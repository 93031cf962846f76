package org.videotg.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.app.inference.Spent;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Usage;
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
 * @param compute what it has cost
 */
public record ArmRow(String name, String title, String folder, int samples, Compute compute) {
    /**
     * What an arm has cost. CPU seconds hold the reading of its videos and their vision features, in equal shares per video.
     *
     * @param cpuSeconds of training, rollouts included
     * @param tokenForwards of training, rollouts included; a backward pass counts 2
     * @param agentCpuSeconds of the agents over every sample they looked at
     * @param agentTokenForwards likewise
     * @param agentPool samples that the agents looked at
     */
    public record Compute(
            double cpuSeconds, long tokenForwards, double agentCpuSeconds, long agentTokenForwards, int agentPool) {
        static final Compute NONE = new Compute(0, 0, 0, 0, 0);
    }

    static ArmRow of(DemoRecipe.Arm arm, DemoRecipe recipe, DemoFolder folder, int parts) {
        String place = folder.path().relativize(folder.arm(arm.name()).path()).toString();
        if (arm.recipe() == null) {
            return new ArmRow(arm.name(), arm.title(), place, 0, Compute.NONE);
        }
        int samples = Samples.read(folder.data(arm.data())).size();
        JsonNode training = Json.read(folder.arm(arm.name()).compute());
        double video = secondsPerVideo(recipe, folder, parts);
        double cpu = training.path("cpuSeconds").asDouble() + samples * video;
        long tokens = training.path("tokenForwards").asLong();
        if (arm.data() != DemoRecipe.Data.SELECTED) {
            return new ArmRow(arm.name(), arm.title(), place, samples, new Compute(cpu, tokens, 0, 0, 0));
        }
        var reflections = List.copyOf(
                Verdicts.read(folder.reflections(), ReflectionVerdict.class).values());
        var difficulties = List.copyOf(
                Verdicts.read(folder.difficulty(), DifficultyVerdict.class).values());
        Usage agents = usage(reflections).plus(usage(difficulties));
        // One sitting's process counts with its start; after a stop the verdicts' own figures are all that is known.
        double agentCpu = Math.max(
                        agents.cpuSeconds(),
                        Json.read(folder.agentCost(), Spent.class).cpuSeconds())
                + Math.max(0, reflections.size() - samples) * video;
        return new ArmRow(
                arm.name(),
                arm.title(),
                place,
                samples,
                new Compute(cpu, tokens, agentCpu, agents.tokenForwards(), reflections.size()));
    }

    private static double secondsPerVideo(DemoRecipe recipe, DemoFolder folder, int parts) {
        double seconds = 0;
        for (int part = 1; part <= parts; part++) {
            seconds += Json.read(folder.featureCost(part), Spent.class).cpuSeconds();
        }
        return seconds / (recipe.world().train() + recipe.world().test());
    }

    private static Usage usage(List<? extends Verdict> verdicts) {
        return verdicts.stream().map(Verdict::usage).reduce(Usage.ZERO, Usage::plus);
    }
}
