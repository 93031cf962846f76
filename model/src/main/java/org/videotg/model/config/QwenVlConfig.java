package org.videotg.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.videotg.core.error.InputException;
import org.videotg.core.io.Json;

/**
 * {@code config.json} of a Qwen3-VL checkpoint. Published checkpoints write the rotary settings as {@code rope_theta} and
 * {@code rope_scaling}, transformers 5 as {@code rope_parameters}; both are read.
 */
public record QwenVlConfig(VisionConfig vision, TextConfig text, int videoTokenId, int visionStartTokenId, int visionEndTokenId,
        boolean tieWordEmbeddings) {
    public static final String MODEL_TYPE = "qwen3_vl";

    public QwenVlConfig {
        Objects.requireNonNull(vision, "vision");
        Objects.requireNonNull(text, "text");
        if (vision.outHiddenSize() != text.hiddenSize()) {
            throw new IllegalArgumentException("vision_config.out_hidden_size (" + vision.outHiddenSize()
                    + ") must equal text_config.hidden_size (" + text.hiddenSize() + ")");
        }
        if (vision.deepstackIndexes().size() > text.numLayers()) {
            throw new IllegalArgumentException("more deepstack_visual_indexes than text layers");
        }
        for (int id : new int[] {videoTokenId, visionStartTokenId, visionEndTokenId}) {
            if (id < 0 || id >= text.vocabSize()) {
                throw new IllegalArgumentException("special token id " + id + " lies outside the vocabulary of " + text.vocabSize());
            }
        }
    }

    /**
     * Reads the file.
     *
     * @throws InputException if it is missing, not JSON, of another architecture, or holds impossible sizes
     */
    public static QwenVlConfig read(Path file) {
        JsonNode root = Json.read(file);
        String type = root.path("model_type").asText("(none)");
        if (!MODEL_TYPE.equals(type)) {
            throw new InputException(file + ": unknown architecture \"" + type + "\"; known: " + MODEL_TYPE);
        }
        Fields fields = new Fields(file, root);
        Fields vision = fields.section("vision_config");
        Fields text = fields.section("text_config");
        Fields rope = text.has("rope_parameters") ? text.section("rope_parameters") : text.section("rope_scaling");
        String ropeType = rope.node.path("rope_type").asText("default");
        if (!ropeType.equals("default")) {
            throw new InputException(file + ": rope_type \"" + ropeType + "\" is not supported; known: default");
        }
        try {
            return new QwenVlConfig(
                    new VisionConfig(vision.integer("depth"), vision.integer("hidden_size"), vision.integer("intermediate_size"),
                            vision.integer("num_heads"), vision.integer("in_channels"), vision.integer("patch_size"),
                            vision.integer("temporal_patch_size"), vision.integer("spatial_merge_size"),
                            vision.integer("out_hidden_size"), vision.integer("num_position_embeddings"),
                            vision.integers("deepstack_visual_indexes")),
                    new TextConfig(text.integer("vocab_size"), text.integer("hidden_size"), text.integer("intermediate_size"),
                            text.integer("num_hidden_layers"), text.integer("num_attention_heads"),
                            text.integer("num_key_value_heads"), text.integer("head_dim"), text.number("rms_norm_eps"),
                            rope.has("rope_theta") ? rope.number("rope_theta") : text.number("rope_theta"),
                            rope.integers("mrope_section")),
                    fields.integer("video_token_id"), fields.integer("vision_start_token_id"),
                    fields.integer("vision_end_token_id"), root.path("tie_word_embeddings").asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Typed access to the fields of one JSON object, with errors that name the field. */
    private record Fields(Path file, JsonNode node) {
        boolean has(String name) {
            return node.hasNonNull(name);
        }

        JsonNode field(String name) {
            if (!has(name)) {
                throw new InputException(file + ": \"" + name + "\" is missing");
            }
            return node.get(name);
        }

        Fields section(String name) {
            return new Fields(file, field(name));
        }

        int integer(String name) {
            JsonNode value = field(name);
            if (!value.canConvertToInt()) {
                throw new InputException(file + ": \"" + name + "\" must be a whole number, not " + value);
            }
            return value.intValue();
        }

        double number(String name) {
            JsonNode value = field(name);
            if (!value.isNumber()) {
                throw new InputException(file + ": \"" + name + "\" must be a number, not " + value);
            }
            return value.doubleValue();
        }

        List<Integer> integers(String name) {
            List<Integer> values = new ArrayList<>();
            for (JsonNode value : field(name)) {
                if (!value.canConvertToInt()) {
                    throw new InputException(file + ": \"" + name + "\" must be a list of whole numbers");
                }
                values.add(value.intValue());
            }
            return values;
        }
    }
}
