package org.videotg.models.qwen25vl;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.videotg.core.config.Settings;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VideoOptions.Preprocessing;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;

/** Qwen2.5-VL, any dense size. */
public final class Qwen25VlFamily implements ModelFamily {
    /** By default as qwen-vl-utils, which the authors of Qwen2.5-VL train and evaluate with. */
    private static final PreprocessorConfig.Defaults VIDEOS = new PreprocessorConfig.Defaults(
            Preprocessing.UTILS,
            FrameSampling.HfPairs::new,
            Qwen25VlFamily::budget,
            new float[] {0.48145466f, 0.4578275f, 0.40821073f},
            new float[] {0.26862954f, 0.26130258f, 0.27577711f});

    private static final TextConfig.Defaults TEXT =
            new TextConfig.Defaults(8, OptionalInt.empty(), 32_768, 1e-5, 1e6, List.of(16, 24, 24));

    @Override
    public String modelType() {
        return "qwen2_5_vl";
    }

    @Override
    public String architecture() {
        return "Qwen2_5_VLForConditionalGeneration";
    }

    /**
     * Published checkpoints write the fields of the language model at the top, newer ones in {@code text_config}.
     * Embeddings are tied if either place says so, as in transformers 5.18.
     */
    @Override
    public ModelConfig config(JsonFields root) {
        JsonFields section = root.section("vision_config");
        VisionConfig vision = VisionConfig.read(section, "silu", List.of());
        TextConfig text = TextConfig.read(root.sectionOrSelf("text_config"), TEXT, false, true, false);
        ModelConfig config = ModelConfig.of(this, root, vision, text, Qwen25VlConfig.read(section, vision));
        boolean tied = root.sectionOrSelf("text_config").flag("tie_word_embeddings");
        return tied ? Settings.with(config, Map.of("tieWordEmbeddings", true)) : config;
    }

    @Override
    public Set<String> fields() {
        return Set.of("fullatt_block_indexes", "tokens_per_second", "window_size");
    }

    @Override
    public VisionTower vision(ModelConfig config, ModelParameters parameters, String name) {
        return new Qwen25VlVision(config.vision(), config.settings(Qwen25VlConfig.class), parameters, name);
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options) {
        return PreprocessorConfig.read(file, config.vision(), options, VIDEOS);
    }

    private static PixelBudget budget(JsonFields file, VideoOptions options) {
        JsonFields size = file.sectionOrSelf("size");
        return new PixelBudget.EachFrame(
                Objects.requireNonNullElse(
                        options.minPixels(), file.whole("min_pixels", size.whole("shortest_edge", 128 * 28 * 28))),
                Objects.requireNonNullElse(
                        options.maxPixels(), file.whole("max_pixels", size.whole("longest_edge", 768 * 28 * 28))));
    }

    @Override
    public ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return new Qwen25VlTemplate(config, tokenizer, options);
    }
}
