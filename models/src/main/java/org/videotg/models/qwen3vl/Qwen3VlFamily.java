package org.videotg.models.qwen3vl;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
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

/** Qwen3-VL, any dense size. */
public final class Qwen3VlFamily implements ModelFamily {
    /** By default as the processor of transformers 5.18. */
    private static final PreprocessorConfig.Defaults VIDEOS = new PreprocessorConfig.Defaults(
            Preprocessing.HF,
            FrameSampling.Hf::new,
            Qwen3VlFamily::budget,
            new float[] {0.5f, 0.5f, 0.5f},
            new float[] {0.5f, 0.5f, 0.5f});

    private static final TextConfig.Defaults TEXT =
            new TextConfig.Defaults(32, OptionalInt.of(128), 128_000, 1e-6, 5e5, List.of(24, 20, 20));

    @Override
    public String modelType() {
        return "qwen3_vl";
    }

    @Override
    public String architecture() {
        return "Qwen3VLForConditionalGeneration";
    }

    @Override
    public ModelConfig config(JsonFields root) {
        JsonFields section = root.section("vision_config");
        VisionConfig vision =
                VisionConfig.read(section, "gelu_pytorch_tanh", section.integers("deepstack_visual_indexes"));
        TextConfig text = TextConfig.read(root.sectionOrSelf("text_config"), TEXT, true, false, true);
        Qwen3VlConfig settings = new Qwen3VlConfig(section.integer("num_position_embeddings"));
        return ModelConfig.of(this, root, vision, text, settings);
    }

    @Override
    public Set<String> fields() {
        return Set.of("deepstack_visual_indexes", "num_position_embeddings");
    }

    @Override
    public VisionTower vision(ModelConfig config, ModelParameters parameters, String name) {
        return new Qwen3VlVision(config.vision(), config.settings(Qwen3VlConfig.class), parameters, name);
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options) {
        return PreprocessorConfig.read(file, config.vision(), options, VIDEOS);
    }

    private static PixelBudget budget(JsonFields file, VideoOptions options) {
        JsonFields size = file.sectionOrSelf("size");
        return new PixelBudget.WholeClip(
                Objects.requireNonNullElse(options.minPixels(), size.whole("shortest_edge", 128 * 32 * 32)),
                Objects.requireNonNullElse(options.maxPixels(), size.whole("longest_edge", 768 * 32 * 32)));
    }

    @Override
    public ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return new Qwen3VlTemplate(config, tokenizer, options);
    }

    @Override
    public ModelParameters randomWeights(ModelConfig config, Random random) {
        return RandomWeights.draw(config, random);
    }
}
