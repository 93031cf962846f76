package org.videotg.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.KnownFields;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VisionConfig;

/**
 * {@code config.json} of a checkpoint.
 *
 * @param settings what only this family has; read with {@link #settings(Class)}
 */
public record ModelConfig(
        ModelFamily family,
        VisionConfig vision,
        TextConfig text,
        int videoTokenId,
        int visionStartTokenId,
        int visionEndTokenId,
        boolean tieWordEmbeddings,
        Record settings) {
    private static final int MOST_LAYERS = 1000;

    public ModelConfig {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(vision, "vision");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(settings, "settings");
        if (vision.outHiddenSize() != text.hiddenSize()) {
            throw new IllegalArgumentException("vision_config.out_hidden_size (" + vision.outHiddenSize()
                    + ") must equal text_config.hidden_size (" + text.hiddenSize() + ")");
        }
        if (text.numLayers() > MOST_LAYERS || vision.depth() > MOST_LAYERS) {
            throw new IllegalArgumentException("num_hidden_layers (" + text.numLayers() + ") and depth ("
                    + vision.depth() + ") must be at most " + MOST_LAYERS);
        }
        if (vision.deepstackTaps().size() > text.numLayers()) {
            throw new IllegalArgumentException("more deepstack_visual_indexes than text layers");
        }
        for (int id : new int[] {videoTokenId, visionStartTokenId, visionEndTokenId}) {
            if (id < 0 || id >= text.vocabSize()) {
                throw new IllegalArgumentException(
                        "special token id " + id + " lies outside the vocabulary of " + text.vocabSize());
            }
        }
    }

    /**
     * Reads the file.
     *
     * @throws InputException if it is missing, not JSON, of an unknown architecture, or holds impossible sizes
     */
    public static ModelConfig read(Path file) {
        JsonNode root = Json.read(file);
        ModelFamily family = ModelFamily.of(file, root);
        if (root.hasNonNull("quantization_config")) {
            throw new InputException(file + ": \"quantization_config\" ("
                    + root.path("quantization_config").path("quant_method").asText("unknown method")
                    + "): quantized weights are not supported; take the checkpoint that was not quantized, in bf16");
        }
        try {
            JsonFields fields = new JsonFields(file, root);
            ModelConfig config = family.config(fields);
            KnownFields.note(fields, family.fields());
            return config;
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Returns a family's configuration; special tokens and tied weights are read from the top of the file. */
    public static ModelConfig of(
            ModelFamily family, JsonFields root, VisionConfig vision, TextConfig text, Record settings) {
        return new ModelConfig(
                family,
                vision,
                text,
                root.integer("video_token_id"),
                root.integer("vision_start_token_id"),
                root.integer("vision_end_token_id"),
                root.flag("tie_word_embeddings"),
                settings);
    }

    /**
     * Tells whether this is the small model, recognised by the size of its vocabulary; it knows the small world only.
     */
    public boolean isSmall() {
        return text.vocabSize() < 10_000;
    }

    /** Returns what only this family has. */
    public <T extends Record> T settings(Class<T> type) {
        return type.cast(settings);
    }

    /** Returns the same model with another number of decoder layers. */
    public ModelConfig withLayers(int layers) {
        return Settings.with(this, Map.of("text", Settings.with(text, Map.of("numLayers", layers))));
    }

    /** Returns the parameters of a model of this configuration as shapes without values; the caller closes them. */
    public ModelParameters shapes() {
        return ModelParameters.shapes(asked -> new Model(this, asked));
    }
}
