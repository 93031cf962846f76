package org.videotg.models.qwen3vl;

import java.util.Random;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;

/** Qwen3-VL, any dense size. */
public final class Qwen3VlFamily implements ModelFamily {
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
        VisionConfig vision = VisionConfig.read(section, section.integers("deepstack_visual_indexes"));
        TextConfig text = TextConfig.read(root.sectionOrSelf("text_config"), 5e6, true, false, true);
        Qwen3VlConfig settings = new Qwen3VlConfig(section.integer("num_position_embeddings"));
        return ModelConfig.of(this, root, vision, text, settings);
    }

    @Override
    public VisionTower vision(ModelConfig config, ModelParameters parameters, String name) {
        return new Qwen3VlVision(config.vision(), config.settings(Qwen3VlConfig.class), parameters, name);
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options) {
        return PreprocessorConfig.read(file, config.vision(), options, new Qwen3VlVideoDefaults());
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
