package org.videotg.app.report.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.videotg.core.run.Cost;

/**
 * The cost of an arm: the field {@code compute} of its row in {@code arms.json}, or {@code compute.json}.
 *
 * @param training rollouts included
 * @param agents over every sample that they looked at, on top of the training
 * @param agentPool samples that the agents looked at
 */
public record ArmCost(Cost training, Cost agents, int agentPool) {
    public static final ArmCost NONE = new ArmCost(Cost.NONE, Cost.NONE, 0);

    /** Reads what is there; a figure that is missing is 0. */
    @JsonCreator
    public static ArmCost of(JsonNode node) {
        return new ArmCost(
                cost(node, "tokenForwards", "cpuSeconds"),
                cost(node, "agentTokenForwards", "agentCpuSeconds"),
                node.path("agentPool").asInt());
    }

    private static Cost cost(JsonNode node, String tokenForwards, String cpuSeconds) {
        return new Cost(node.path(tokenForwards).asLong(), node.path(cpuSeconds).asDouble(), 0, 0);
    }

    @JsonValue
    Map<String, Number> toJson() {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("cpuSeconds", training.cpuSeconds());
        fields.put("tokenForwards", training.tokenForwards());
        fields.put("agentCpuSeconds", agents.cpuSeconds());
        fields.put("agentTokenForwards", agents.tokenForwards());
        fields.put("agentPool", agentPool);
        return fields;
    }

    /** Returns the sum of both. */
    public Cost total() {
        return training.plus(agents);
    }
}
