package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;
import org.videotg.core.io.InputException;

/**
 * Sizes of the language model ({@code text_config}).
 *
 * @param maxPositions most tokens of a prompt and its reply ({@code max_position_embeddings})
 * @param mropeSection how many rotary frequencies the time, height and width axis take
 * @param interleavedMrope whether the axes' frequencies are interleaved instead of one contiguous block per axis
 * @param attentionBias whether q, k and v have a bias
 * @param headNorm whether every head of q and k is normalised before it is rotated
 */
public record TextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numLayers,
        int numHeads,
        int numKeyValueHeads,
        int headDim,
        int maxPositions,
        double rmsNormEps,
        double ropeTheta,
        List<Integer> mropeSection,
        boolean interleavedMrope,
        boolean attentionBias,
        boolean headNorm) {
    public TextConfig {
        mropeSection = List.copyOf(mropeSection);
        JsonFields.requirePositive("text_config", "vocab_size", vocabSize);
        JsonFields.requirePositive("text_config", "hidden_size", hiddenSize);
        JsonFields.requirePositive("text_config", "intermediate_size", intermediateSize);
        JsonFields.requirePositive("text_config", "num_hidden_layers", numLayers);
        JsonFields.requirePositive("text_config", "max_position_embeddings", maxPositions);
        JsonFields.requirePositive("text_config", "num_attention_heads", numHeads);
        JsonFields.requireDivisor(
                "text_config", "num_key_value_heads", numKeyValueHeads, "num_attention_heads", numHeads);
        JsonFields.requireDivisor("text_config", "2", 2, "head_dim", headDim);
        if (!(rmsNormEps > 0) || !(ropeTheta > 0)) {
            throw new IllegalArgumentException("text_config: rms_norm_eps and rope_theta must be positive");
        }
        if (mropeSection.size() != 3
                || mropeSection.stream().mapToInt(Integer::intValue).sum() != headDim / 2) {
            throw new IllegalArgumentException(
                    "text_config: mrope_section must be three counts that sum to head_dim / 2 = " + headDim / 2
                            + ", not " + mropeSection);
        }
    }

    /**
     * The values of a family in transformers 5.18 for fields that the file leaves out.
     *
     * @param keyValueHeads where the field is missing; where it is null there are as many as heads
     * @param headDim none where it is always hidden size / heads
     */
    public record Defaults(
            int keyValueHeads,
            OptionalInt headDim,
            int maxPositions,
            double rmsNormEps,
            double ropeTheta,
            List<Integer> mropeSection) {}

    /**
     * Reads the section of {@code config.json}. Published checkpoints write the rotary settings as {@code rope_theta}
     * and {@code rope_scaling}, transformers 5 as {@code rope_parameters}; both are read, and of both the former.
     *
     * @param interleavedMrope see {@link TextConfig}, as the other two
     */
    public static TextConfig read(
            JsonFields text, Defaults defaults, boolean interleavedMrope, boolean attentionBias, boolean headNorm) {
        JsonFields scaling = text.sectionOrNone("rope_scaling");
        JsonFields rope = scaling.isEmpty() ? text.sectionOrNone("rope_parameters") : scaling;
        String ropeType = rope.text("rope_type", rope.text("type", "default"));
        if (!ropeType.equals("default") && (interleavedMrope || !ropeType.equals("mrope"))) {
            throw new InputException(text.file() + ": rope_type \"" + ropeType + "\" is not supported; known: default"
                    + (interleavedMrope ? "" : ", mrope"));
        }
        if (!text.text("hidden_act", "silu").equals("silu") || (text.flag("attention_bias") && !attentionBias)) {
            throw new InputException(text.file() + ": hidden_act must be silu"
                    + (attentionBias ? "" : " and attention_bias false") + "; other models are not supported");
        }
        if (text.flag("use_sliding_window")) {
            throw new InputException(text.file() + ": use_sliding_window is not supported; set it to false");
        }
        for (JsonNode layer : text.node().path("layer_types")) {
            if (!layer.asText().equals("full_attention")) {
                throw new InputException(
                        text.file() + ": layer_types names " + layer + "; only full_attention is supported");
            }
        }
        int hidden = text.integer("hidden_size");
        int heads = text.integer("num_attention_heads");
        JsonFields.requirePositive("text_config", "num_attention_heads", heads);
        int headDim = text.integer("head_dim", defaults.headDim.orElse(hidden / heads));
        if (defaults.headDim.isEmpty() && headDim != hidden / heads) {
            throw new InputException(text.file() + ": head_dim (" + headDim + ") must be hidden_size / "
                    + "num_attention_heads (" + hidden / heads + ") in this family");
        }
        return new TextConfig(
                text.integer("vocab_size"),
                hidden,
                text.integer("intermediate_size"),
                text.integer("num_hidden_layers"),
                heads,
                text.integer(
                        "num_key_value_heads", text.isNull("num_key_value_heads") ? heads : defaults.keyValueHeads),
                headDim,
                text.integer("max_position_embeddings", defaults.maxPositions),
                text.number("rms_norm_eps", defaults.rmsNormEps),
                rope.number("rope_theta", text.number("rope_theta", defaults.ropeTheta)),
                rope.integers("mrope_section", defaults.mropeSection),
                interleavedMrope,
                attentionBias,
                headNorm);
    }

    /** @throws InputException if a prompt and its reply have more tokens than the model has positions for */
    public void checkLength(int prompt, int reply) {
        if ((long) prompt + reply > maxPositions) {
            throw new InputException("prompt of " + prompt + " tokens and reply of up to " + reply
                    + " are longer than the model's " + maxPositions
                    + " (max_position_embeddings); lower max_pixels, fps or max_frames, or shorten the query");
        }
    }
}
