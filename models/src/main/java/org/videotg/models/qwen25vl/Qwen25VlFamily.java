package org.videotg.models.qwen25vl;

import java.util.List;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.ConfigFields;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;

/** Qwen2.5-VL, any dense size. */
public final class Qwen25VlFamily implements ModelFamily {
    @Override
    public String modelType() {
        return "qwen2_5_vl";
    }

    @Override
    public String architecture() {
        return "Qwen2_5_VLForConditionalGeneration";
    }

    /** Published checkpoints write the fields of the language model at the top, newer ones in {@code text_config}. */
    @Override
    public ModelConfig config(ConfigFields root) {
        ConfigFields section = root.section("vision_config");
        VisionConfig vision = VisionConfig.read(section, List.of());
        TextConfig text = TextConfig.read(root.sectionOrSelf("text_config"), 1e6, false, true, false);
        return ModelConfig.of(this, root, vision, text, Qwen25VlConfig.read(section, vision));
    }

    @Override
    public VisionTower vision(ModelConfig config, Parameters parameters, String name) {
        return new Qwen25VlVision(config.vision(), config.settings(Qwen25VlConfig.class), parameters, name);
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, ConfigFields file, VideoOptions options) {
        return PreprocessorConfig.read(file, config.vision(), options, new Qwen25VlProcessor());
    }

    @Override
    public ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return new Qwen25VlTemplate(config, tokenizer, options);
    }
}
