package org.videotg.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.videotg.core.io.Json;

/** {@code config.json} of the families as far as it is read, in the layouts of the published files. */
public final class PublishedConfigs {
    /** {@code size} in the video_preprocessor_config.json of published Qwen3-VL checkpoints. */
    public static final String QWEN3_SIZE = "{\"shortest_edge\": 4096, \"longest_edge\": 25165824}";

    private PublishedConfigs() {}

    /** Fields of the language model at the top, as the published files of Qwen2.5-VL have them. */
    public static ObjectNode qwen25(
            int layers, int hidden, int inner, int heads, int keyValueHeads, int vocabulary, int visionInner) {
        ObjectNode root = text(layers, hidden, inner, heads, keyValueHeads, vocabulary);
        root.putArray("architectures").add("Qwen2_5_VLForConditionalGeneration");
        root.put("model_type", "qwen2_5_vl").put("use_sliding_window", false).put("rope_theta", 1e6);
        root.putObject("rope_scaling")
                .put("type", "mrope")
                .putArray("mrope_section")
                .add(16)
                .add(24)
                .add(24);
        root.putObject("vision_config")
                .put("depth", 32)
                .put("hidden_size", 1280)
                .put("intermediate_size", visionInner)
                .put("num_heads", 16)
                .put("in_chans", 3)
                .put("out_hidden_size", hidden)
                .put("patch_size", 14)
                .put("spatial_merge_size", 2)
                .put("spatial_patch_size", 14)
                .put("window_size", 112)
                .put("tokens_per_second", 2)
                .put("temporal_patch_size", 2)
                .putArray("fullatt_block_indexes")
                .add(7)
                .add(15)
                .add(23)
                .add(31);
        return special(root);
    }

    public static ObjectNode qwen3(int layers, int hidden, int inner, int heads, boolean smallTower) {
        ObjectNode root = Json.MAPPER.createObjectNode().put("model_type", "qwen3_vl");
        root.putArray("architectures").add("Qwen3VLForConditionalGeneration");
        ObjectNode text = text(layers, hidden, inner, heads, 8, 151936)
                .put("head_dim", 128)
                .put("rope_theta", 5_000_000);
        text.putObject("rope_scaling")
                .put("rope_type", "default")
                .put("mrope_interleaved", true)
                .putArray("mrope_section")
                .add(24)
                .add(20)
                .add(20);
        root.set("text_config", text);
        ObjectNode vision = root.putObject("vision_config")
                .put("depth", smallTower ? 24 : 27)
                .put("hidden_size", smallTower ? 1024 : 1152)
                .put("intermediate_size", smallTower ? 4096 : 4304)
                .put("num_heads", 16)
                .put("in_channels", 3)
                .put("out_hidden_size", hidden)
                .put("patch_size", 16)
                .put("spatial_merge_size", 2)
                .put("temporal_patch_size", 2)
                .put("num_position_embeddings", 2304);
        (smallTower ? List.of(5, 11, 17) : List.of(8, 16, 24))
                .forEach(vision.withArray("deepstack_visual_indexes")::add);
        return special(root).put("tie_word_embeddings", smallTower);
    }

    private static ObjectNode text(int layers, int hidden, int inner, int heads, int keyValueHeads, int vocabulary) {
        return Json.MAPPER
                .createObjectNode()
                .put("num_hidden_layers", layers)
                .put("hidden_size", hidden)
                .put("intermediate_size", inner)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", keyValueHeads)
                .put("vocab_size", vocabulary)
                .put("rms_norm_eps", 1e-6);
    }

    private static ObjectNode special(ObjectNode root) {
        return root.put("video_token_id", 151656)
                .put("vision_start_token_id", 151652)
                .put("vision_end_token_id", 151653);
    }
}
