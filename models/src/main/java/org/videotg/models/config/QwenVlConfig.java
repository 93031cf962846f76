package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/** {@code config.json} of a checkpoint of any family. */
public record QwenVlConfig(
        ModelFamily family,
        VisionConfig vision,
        TextConfig text,
        int videoTokenId,
        int visionStartTokenId,
        int visionEndTokenId,
        boolean tieWordEmbeddings) {
    public QwenVlConfig {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(vision, "vision");
        Objects.requireNonNull(text, "text");
        if (vision.outHiddenSize() != text.hiddenSize()) {
            throw new IllegalArgumentException("vision_config.out_hidden_size (" + vision.outHiddenSize()
                    + ") must equal text_config.hidden_size (" + text.hiddenSize() + ")");
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
     * Reads the file. Published checkpoints of Qwen2.5-VL write the fields of the language model at the top, newer ones in
     * {@code text_config}; both are read.
     *
     * @throws InputException if it is missing, not JSON, of another architecture, or holds impossible sizes
     */
    public static QwenVlConfig read(Path file) {
        JsonNode root = Json.read(file);
        ModelFamily family = ModelFamily.of(file, root);
        ConfigFields fields = new ConfigFields(file, root);
        ConfigFields text = fields.sectionOrSelf("text_config");
        try {
            return new QwenVlConfig(
                    family,
                    VisionConfig.of(family, fields.section("vision_config")),
                    TextConfig.of(family, text),
                    fields.integer("video_token_id"),
                    fields.integer("vision_start_token_id"),
                    fields.integer("vision_end_token_id"),
                    fields.flag("tie_word_embeddings") || text.flag("tie_word_embeddings"));
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** The same model with another language model around the same tower. */
    public QwenVlConfig withText(TextConfig other) {
        return new QwenVlConfig(
                family, vision, other, videoTokenId, visionStartTokenId, visionEndTokenId, tieWordEmbeddings);
    }
}
