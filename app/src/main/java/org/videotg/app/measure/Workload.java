package org.videotg.app.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.videotg.core.config.Settings;
import org.videotg.core.io.Json;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.training.recipe.Recipe;

/**
 * The work that a model is given: one prompt a step, with replies.
 *
 * @param group replies of a prompt
 * @param replyTokens tokens of a reply at most
 * @param recompute whether the backward pass computes activations again
 * @param repeats of each answer, of which the fastest counts
 * @param video options
 */
record Workload(int group, int replyTokens, boolean recompute, int repeats, Map<String, Object> video) {
    /** Of the replies. At 1 those of the small model are often equal, and there is nothing to train on. */
    static final double TEMPERATURE = 2;
    /** Steps of a trial; the first warms up. */
    static final int STEPS = 2;

    /** Returns that of the small model, whose replies end by themselves. */
    static Workload small() {
        return new Workload(8, 16, false, 5, Map.of());
    }

    /** Returns that of large models: some 200 tokens and 4 replies on a CPU, some 4,500 tokens and 8 replies on a GPU. */
    static Workload large(Device device) {
        return device.isCpu()
                ? new Workload(4, 8, true, 1, video(112 * 112, 8))
                : new Workload(8, 64, true, 1, video(448 * 448, 64));
    }

    private static Map<String, Object> video(int pixels, int frames) {
        return Map.of("preprocessing", "utils", "max_frames", frames, "min_pixels", pixels, "max_pixels", pixels);
    }

    /**
     * Returns the recipe of its GRPO steps.
     *
     * @param adapter whether a LoRA adapter is trained in place of all weights
     */
    Recipe recipe(Path model, Path data, boolean adapter) {
        ObjectNode recipe = Json.MAPPER.createObjectNode();
        recipe.put("method", "grpo").put("model", model.toString()).put("data", data.toString());
        recipe.put("steps", STEPS).put("batch", 1);
        recipe.set("video", Json.MAPPER.valueToTree(video));
        recipe.putObject("compute").put("threads", NativeRuntime.threads()).put("recompute", recompute);
        recipe.putObject("grpo")
                .put("group", group)
                .put("maxTokens", replyTokens)
                .put("temperature", TEMPERATURE)
                .putObject("rewards")
                .put("class:" + SpreadReward.class.getName(), 1);
        if (adapter) {
            recipe.putObject("lora");
        }
        return Settings.bind(recipe, Recipe.class, "doctor --measure");
    }
}
