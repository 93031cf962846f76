package org.videotg.models.qwen25vl;

import java.util.List;
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
    public ModelConfig config(JsonFields root) {
        JsonFields section = root.section("vision_config");
        VisionConfig vision = VisionConfig.read(section, List.of());
        TextConfig text = TextConfig.read(root.sectionOrSelf("text_config"), 1e6, false, true, false);
        return ModelConfig.of(this, root, vision, text, Qwen25VlConfig.read(section, vision));
    }

    @Override
    public VisionTower vision(ModelConfig config, ModelParameters parameters, String name) {
        return new Qwen25VlVision(config.vision(), config.settings(Qwen25VlConfig.class), parameters, name);
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options) {
        return PreprocessorConfig.read(file, config.vision(), options, new Qwen25VlVideoDefaults());
    }

    @Override
    public ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return new Qwen25VlTemplate(config, tokenizer, options);
    }
}
