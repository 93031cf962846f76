package org.videotg.smallworld.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.config.Setting;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.core.run.Draw;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.tensor.NativeRuntime;

/** The sizes of the small model, a Qwen3-VL, and the creation of a random checkpoint with these sizes. */
public record SmallModel(
        @Setting(value = "layers of the vision tower", required = true)
        int visionDepth,

        @Setting(value = "width of the vision tower", required = true)
        int visionHidden,

        @Setting(value = "width inside the vision tower's MLPs", required = true)
        int visionIntermediate,

        @Setting(value = "attention heads of the vision tower", required = true)
        int visionHeads,

        @Setting(value = "side of a patch in pixels", required = true)
        int patch,

        @Setting(value = "patches of a visual token along each side", required = true)
        int merge,

        @Setting(value = "learned positions of patches in a frame", required = true)
        int positions,

        @Setting(value = "vision layers after which DeepStack features are taken", required = true)
        List<Integer> taps,

        @Setting(value = "layers of the language model", required = true)
        int layers,

        @Setting(value = "width of the language model", required = true)
        int hidden,

        @Setting(value = "width inside the language model's MLPs", required = true)
        int intermediate,

        @Setting(value = "attention heads of the language model", required = true)
        int heads,

        @Setting(value = "heads of its keys and values", required = true)
        int keyValueHeads,

        @Setting(value = "width of a head", required = true) int headDim,

        @Setting(value = "rotary frequencies of time, height and width", required = true)
        List<Integer> mrope,

        @Setting(value = "base of the rotary frequencies", required = true)
        double ropeTheta,

        @Setting(value = "side of a frame in pixels", required = true)
        int frameSide,

        @Setting(value = "pixel budget of a video, in frames", required = true)
        int budgetFrames) {
    public SmallModel {
        taps = List.copyOf(taps);
        mrope = List.copyOf(mrope);
    }

    /** Writes a random checkpoint in Hugging Face layout. */
    public void create(Path folder, SmallTokenizer tokenizer, long seed) {
        NativeRuntime.load();
        ModelFamily family = ModelFamily.of("qwen3_vl");
        Path config = folder.resolve("config.json");
        AtomicFiles.writeString(config, Json.pretty(family.newFile("config.json", sizes(tokenizer))));
        ObjectNode generation = Json.MAPPER.createObjectNode();
        generation
                .putArray("eos_token_id")
                .add(tokenizer.special("<|im_end|>"))
                .add(tokenizer.special("<|endoftext|>"));
        generation.put("pad_token_id", tokenizer.special("<|endoftext|>"));
        AtomicFiles.writeString(folder.resolve("generation_config.json"), Json.pretty(generation));
        String preprocessor = "video_preprocessor_config.json";
        AtomicFiles.writeString(
                folder.resolve(preprocessor), Json.pretty(family.newFile(preprocessor, preprocessing())));
        AtomicFiles.writeString(folder.resolve("tokenizer.json"), tokenizer.json());
        for (String file : List.of("tokenizer_config.json", "chat_template.jinja")) {
            AtomicFiles.writeString(folder.resolve(file), Resources.text(SmallModel.class, file));
        }
        try (PointerScope scope = new PointerScope();
                ModelParameters parameters =
                        family.randomWeights(ModelConfig.read(config), Draw.generator(seed, "initial weights"))) {
            WeightsWriter.DEFAULT.save(folder, parameters);
        }
    }

    private ObjectNode sizes(SmallTokenizer tokenizer) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("image_token_id", tokenizer.special("<|image_pad|>"))
                .put("video_token_id", tokenizer.special("<|video_pad|>"))
                .put("vision_start_token_id", tokenizer.special("<|vision_start|>"))
                .put("vision_end_token_id", tokenizer.special("<|vision_end|>"));
        root.putObject("text_config")
                .put("vocab_size", tokenizer.size())
                .put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", keyValueHeads)
                .put("head_dim", headDim)
                .put("rope_theta", ropeTheta)
                .putObject("rope_scaling")
                .set("mrope_section", Json.MAPPER.valueToTree(mrope));
        root.putObject("vision_config")
                .put("depth", visionDepth)
                .put("hidden_size", visionHidden)
                .put("intermediate_size", visionIntermediate)
                .put("num_heads", visionHeads)
                .put("patch_size", patch)
                .put("spatial_merge_size", merge)
                .put("out_hidden_size", hidden)
                .put("num_position_embeddings", positions)
                .set("deepstack_visual_indexes", Json.MAPPER.valueToTree(taps));
        return root;
    }

    private ObjectNode preprocessing() {
        ObjectNode root =
                Json.MAPPER.createObjectNode().put("patch_size", patch).put("merge_size", merge);
        root.putObject("size").put("longest_edge", frameSide * frameSide * budgetFrames);
        return root;
    }
}
