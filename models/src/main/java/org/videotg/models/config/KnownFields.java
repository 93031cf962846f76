package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fields of {@code config.json} that are followed, refused or without effect on results. Others are noted once, since
 * nobody can tell what they would change. Fields that are null say nothing.
 */
public final class KnownFields {
    private static final Logger LOG = LoggerFactory.getLogger(KnownFields.class);

    private static final Set<String> NOTED = ConcurrentHashMap.newKeySet();

    /** Without effect on results wherever they stand. */
    private static final Set<String> EVERYWHERE = Set.of(
            "_attn_implementation",
            "_attn_implementation_autoset",
            "_commit_hash",
            "_name_or_path",
            "architectures",
            "attention_dropout",
            "bos_token_id",
            "dtype",
            "eos_token_id",
            "initializer_range",
            "model_type",
            "output_attentions",
            "output_hidden_states",
            "pad_token_id",
            "return_dict",
            "torch_dtype",
            "transformers_version",
            "use_cache");

    private static final Set<String> TOP = Set.of(
            "image_token_id",
            "quantization_config",
            "text_config",
            "tie_word_embeddings",
            "video_token_id",
            "vision_config",
            "vision_end_token_id",
            "vision_start_token_id",
            "vision_token_id");

    private static final Set<String> TEXT = Set.of(
            "attention_bias",
            "head_dim",
            "hidden_act",
            "hidden_size",
            "image_token_id",
            "intermediate_size",
            "layer_types",
            "max_position_embeddings",
            "max_window_layers",
            "num_attention_heads",
            "num_hidden_layers",
            "num_key_value_heads",
            "rms_norm_eps",
            "rope_parameters",
            "rope_scaling",
            "rope_theta",
            "sliding_window",
            "tie_word_embeddings",
            "use_sliding_window",
            "video_token_id",
            "vision_end_token_id",
            "vision_start_token_id",
            "vision_token_id",
            "vocab_size");

    private static final Set<String> ROPE =
            Set.of("mrope_interleaved", "mrope_section", "rope_theta", "rope_type", "type");

    private static final Set<String> VISION = Set.of(
            "depth",
            "hidden_act",
            "hidden_size",
            "in_channels",
            "in_chans",
            "intermediate_size",
            "num_heads",
            "out_hidden_size",
            "patch_size",
            "rope_parameters",
            "spatial_merge_size",
            "spatial_patch_size",
            "temporal_patch_size");

    private KnownFields() {}

    /** Notes the unknown fields of a file, once in a process. */
    public static void note(JsonFields root, Set<String> family) {
        Set<String> unknown = unknown(root, family);
        if (!unknown.isEmpty() && NOTED.add(root.file() + " " + unknown)) {
            LOG.warn("{}: fields that videotg does not know are ignored: {}", root.file(), String.join(", ", unknown));
        }
    }

    /**
     * Returns the unknown fields of a file with their sections, sorted.
     *
     * @param family fields at the top or in {@code vision_config} that only this family has
     */
    public static Set<String> unknown(JsonFields root, Set<String> family) {
        Set<String> unknown = new TreeSet<>();
        boolean flat = !root.has("text_config");
        add(unknown, "", root.node(), Set.of(EVERYWHERE, TOP, family, flat ? TEXT : Set.of()));
        JsonNode text = root.sectionOrSelf("text_config").node();
        if (!flat) {
            add(unknown, "text_config.", text, Set.of(EVERYWHERE, TEXT));
        }
        for (String rope : new String[] {"rope_scaling", "rope_parameters"}) {
            add(unknown, (flat ? "" : "text_config.") + rope + ".", text.path(rope), Set.of(ROPE));
        }
        add(unknown, "vision_config.", root.node().path("vision_config"), Set.of(EVERYWHERE, VISION, family));
        return unknown;
    }

    private static void add(Set<String> unknown, String prefix, JsonNode section, Set<Set<String>> known) {
        section.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(field -> field.getKey())
                .filter(name -> known.stream().noneMatch(names -> names.contains(name)))
                .forEach(name -> unknown.add(prefix + name));
    }
}
