package org.videotg.models.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * {@code adapter_config.json} of PEFT, for LoRA without bias.
 *
 * @param rank of the update
 * @param alpha the update is multiplied by alpha / rank
 * @param rankStabilized by alpha / sqrt(rank) instead (rsLoRA, arXiv 2312.03732)
 * @param targets modules that are updated
 * @param excluded modules that are not, whatever {@code targets} says
 * @param baseModel name or path of the model that it belongs to; may be empty
 */
public record LoraConfig(
        int rank,
        double alpha,
        boolean rankStabilized,
        ModuleSelection targets,
        Optional<ModuleSelection> excluded,
        String baseModel) {
    public static final String FILE = "adapter_config.json";

    /** PEFT's fields for kinds of adapters that are not supported. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "fan_in_fan_out",
            "lora_bias",
            "modules_to_save",
            "rank_pattern",
            "alpha_pattern",
            "layers_to_transform",
            "layer_replication",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "use_qalora",
            "arrow_config");
    /** Initialisations that leave the base model's weights unchanged. */
    private static final Set<String> SUPPORTED_INITIALISATIONS =
            Set.of("true", "false", "gaussian", "orthogonal", "eva");

    public LoraConfig {
        Objects.requireNonNull(targets, "targets");
        Objects.requireNonNull(baseModel, "baseModel");
        if (rank < 1) {
            throw new InputException("the rank of an adapter must be at least 1, not " + rank);
        }
        if (!Double.isFinite(alpha)) {
            throw new InputException("alpha of an adapter must be a number, not " + alpha);
        }
    }

    /** Returns the scale of the product of the factors. */
    public double scale() {
        return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
    }

    public boolean isTarget(String module) {
        return targets.contains(module) && excluded.stream().noneMatch(selection -> selection.contains(module));
    }

    /** @throws InputException naming the file and the setting that is missing, wrong or not supported */
    public static LoraConfig read(Path file) {
        JsonNode root = Json.read(file);
        if (!root.path("peft_type").asText().equals("LORA")) {
            throw new InputException(
                    file + ": \"peft_type\" is " + root.path("peft_type") + "; only \"LORA\" is supported");
        }
        for (String field : UNSUPPORTED) {
            JsonNode value = root.path(field);
            if (value.asBoolean()
                    || (value.isContainerNode() && !value.isEmpty())
                    || value.isNumber()
                    || (value.isTextual() && !value.asText().isEmpty())) {
                throw new InputException(
                        file + ": \"" + field + "\": " + value + " is not supported; merge the adapter with PEFT"
                                + " (merge_and_unload) and give the merged model");
            }
        }
        if (!root.path("bias").asText("none").equals("none")) {
            throw new InputException(file + ": \"bias\": " + root.path("bias") + " is not supported; only \"none\" is");
        }
        if (!SUPPORTED_INITIALISATIONS.contains(root.path("init_lora_weights").asText("true"))) {
            throw new InputException(
                    file + ": \"init_lora_weights\": " + root.path("init_lora_weights")
                            + " changes the base model; convert the adapter with PEFT (path_initial_model_for_weight_conversion)");
        }
        if (!root.path("r").canConvertToInt() || !root.path("lora_alpha").isNumber()) {
            throw new InputException(file + ": \"r\" and \"lora_alpha\" must be numbers");
        }
        try {
            return new LoraConfig(
                    root.path("r").intValue(),
                    root.path("lora_alpha").doubleValue(),
                    root.path("use_rslora").asBoolean(),
                    ModuleSelection.of(root.path("target_modules"), "\"target_modules\""),
                    root.hasNonNull("exclude_modules")
                            ? Optional.of(ModuleSelection.of(root.path("exclude_modules"), "\"exclude_modules\""))
                            : Optional.empty(),
                    root.path("base_model_name_or_path").asText(""));
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    ObjectNode toJson() {
        ObjectNode root = Json.MAPPER
                .createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseModel)
                .put("r", rank);
        // PEFT writes whole numbers as such.
        if (alpha == Math.rint(alpha) && Math.abs(alpha) < 1e9) {
            root.put("lora_alpha", (long) alpha);
        } else {
            root.put("lora_alpha", alpha);
        }
        root.put("use_rslora", rankStabilized)
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true)
                .put("init_lora_weights", true);
        root.set("target_modules", targets.toJson());
        excluded.ifPresent(selection -> root.set("exclude_modules", selection.toJson()));
        return root;
    }
}
