package org.videotg.model.config;

import java.util.List;

/**
 * Sizes of the language model ({@code text_config}).
 *
 * @param mropeSection how many rotary frequencies the time, height and width axis take
 */
public record TextConfig(int vocabSize, int hiddenSize, int intermediateSize, int numLayers, int numHeads, int numKeyValueHeads,
        int headDim, double rmsNormEps, double ropeTheta, List<Integer> mropeSection) {
    public TextConfig {
        mropeSection = List.copyOf(mropeSection);
        ConfigCheck.positive("text_config", "vocab_size", vocabSize);
        ConfigCheck.positive("text_config", "hidden_size", hiddenSize);
        ConfigCheck.positive("text_config", "intermediate_size", intermediateSize);
        ConfigCheck.positive("text_config", "num_hidden_layers", numLayers);
        ConfigCheck.positive("text_config", "num_attention_heads", numHeads);
        ConfigCheck.divides("text_config", "num_key_value_heads", numKeyValueHeads, "num_attention_heads", numHeads);
        ConfigCheck.divides("text_config", "2", 2, "head_dim", headDim);
        if (!(rmsNormEps > 0) || !(ropeTheta > 0)) {
            throw new IllegalArgumentException("text_config: rms_norm_eps and rope_theta must be positive");
        }
        if (mropeSection.size() != 3 || mropeSection.stream().mapToInt(Integer::intValue).sum() != headDim / 2) {
            throw new IllegalArgumentException("text_config: mrope_section must be three counts that sum to head_dim / 2 = "
                    + headDim / 2 + ", not " + mropeSection);
        }
    }
}
