package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an arm has cost: {@code compute.json}, or the field {@code compute} of its row in {@code arms.json}. The agents' part
 * comes on top of the training's.
 *
 * @param cpuSeconds of training, rollouts included
 * @param tokenForwards of training, rollouts included; a backward pass counts 2
 * @param agentCpuSeconds of the agents whose verdicts the arm uses
 * @param agentTokenForwards likewise
 */
public record Compute(double cpuSeconds, double tokenForwards, double agentCpuSeconds, double agentTokenForwards) {
    public static final Compute NONE = new Compute(0, 0, 0, 0);

    /** Reads what is there; a figure that is missing is 0. */
    static Compute of(JsonNode node) {
        return new Compute(
                node.path("cpuSeconds").asDouble(),
                node.path("tokenForwards").asDouble(),
                node.path("agentCpuSeconds").asDouble(),
                node.path("agentTokenForwards").asDouble());
    }

    public double totalCpuSeconds() {
        return cpuSeconds + agentCpuSeconds;
    }

    public double totalTokenForwards() {
        return tokenForwards + agentTokenForwards;
    }
}
