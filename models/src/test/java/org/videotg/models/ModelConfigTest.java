package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.KnownFields;
import org.videotg.models.config.TextConfig;

/** The layouts of the published files, with the sizes of the published checkpoints. */
class ModelConfigTest {
    @TempDir
    Path folder;

    private ModelConfig read(ObjectNode root) {
        try {
            return ModelConfig.read(Files.writeString(folder.resolve("config.json"), root.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "36, 2048, 11008, 16, 2, 151936, 3420",
        "28, 3584, 18944, 28, 4, 152064, 3420",
        "64, 5120, 27648, 40, 8, 152064, 3456",
        "80, 8192, 29568, 64, 8, 152064, 3456"
    })
    void everySizeOfQwen25(
            int layers, int hidden, int inner, int heads, int keyValueHeads, int vocabulary, int visionInner) {
        ModelConfig config =
                read(PublishedConfigs.qwen25(layers, hidden, inner, heads, keyValueHeads, vocabulary, visionInner));
        assertEquals("qwen2_5_vl", config.family().modelType());
        assertEquals(128, config.text().headDim());
        assertTrue(config.text().attentionBias()
                && !config.text().headNorm()
                && !config.text().interleavedMrope());
        assertEquals(1e6, config.text().ropeTheta());
        assertEquals(
                "Qwen25VlConfig[windowUnits=4, fullAttentionBlocks=[7, 15, 23, 31], tokensPerSecond=2]",
                config.settings().toString());
        assertEquals(80, config.vision().headDim());
        assertEquals(1176, config.vision().patchDim());
        assertFalse(config.tieWordEmbeddings());
    }

    @ParameterizedTest
    @CsvSource({
        "28, 2048, 6144, 16, true",
        "36, 2560, 9728, 32, true",
        "36, 4096, 12288, 32, false",
        "64, 5120, 25600, 64, false"
    })
    void everySizeOfQwen3(int layers, int hidden, int inner, int heads, boolean smallTower) {
        ModelConfig config = read(PublishedConfigs.qwen3(layers, hidden, inner, heads, smallTower));
        assertEquals("qwen3_vl", config.family().modelType());
        assertEquals(128, config.text().headDim());
        assertTrue(!config.text().attentionBias()
                && config.text().headNorm()
                && config.text().interleavedMrope());
        assertEquals(
                smallTower ? List.of(5, 11, 17) : List.of(8, 16, 24),
                config.vision().deepstackTaps());
        assertEquals(smallTower, config.tieWordEmbeddings());
    }

    @Test
    void theFamilySaysWhereTiedEmbeddingsAreStated() {
        ObjectNode root = PublishedConfigs.qwen3(3, 64, 64, 8, false);
        root.withObject("text_config").put("tie_word_embeddings", true);
        assertFalse(read(root).tieWordEmbeddings(), "Qwen3-VL: only the top counts");
        ObjectNode nested = PublishedConfigs.qwen25(2, 128, 64, 1, 1, 151936, 8);
        assertTrue(read(nested.deepCopy().put("tie_word_embeddings", true)).tieWordEmbeddings());
        ObjectNode text = nested.deepCopy();
        text.remove(List.of("vision_config", "model_type", "architectures"));
        nested.set("text_config", text.put("tie_word_embeddings", true));
        assertTrue(read(nested).tieWordEmbeddings());
    }

    @Test
    void quantizedCheckpointsAndHugeSizesAreRefused() {
        ObjectNode root = PublishedConfigs.qwen3(3, 64, 64, 8, false);
        root.putObject("quantization_config").put("quant_method", "awq");
        assertTrue(message(root).contains("\"quantization_config\" (awq): quantized weights are not supported"));
        assertTrue(message(PublishedConfigs.qwen3(2_000_000_000, 64, 64, 8, false))
                .contains("num_hidden_layers (2000000000)"));
    }

    @Test
    void longPromptsAreRefused() {
        ObjectNode root = PublishedConfigs.qwen3(3, 64, 64, 8, false);
        root.withObject("text_config").put("max_position_embeddings", 100);
        ModelConfig config = read(root);
        config.text().checkLength(90, 10);
        InputException error =
                assertThrows(InputException.class, () -> config.text().checkLength(91, 10));
        assertTrue(
                error.getMessage().contains("longer than the model's 100 (max_position_embeddings)"),
                error.getMessage());
    }

    @Test
    void theArchitectureDecidesWhereTheModelTypeIsMissing() {
        ObjectNode root = PublishedConfigs.qwen25(28, 3584, 18944, 28, 4, 152064, 3420);
        root.remove("model_type");
        assertEquals("qwen2_5_vl", read(root).family().modelType());
    }

    @Test
    void anUnknownArchitectureIsNamedWithThoseThatAreKnown() {
        String known =
                "; known: qwen2_5_vl (Qwen2_5_VLForConditionalGeneration), qwen3_vl (Qwen3VLForConditionalGeneration)"
                        + ", toy_vl (ToyVl)";
        Path file = folder.resolve("config.json");
        assertEquals(
                file + ": unknown architecture \"qwen3_vl_moe\"" + known,
                message(PublishedConfigs.qwen3(3, 64, 64, 8, true).put("model_type", "qwen3_vl_moe")));
        ObjectNode other = PublishedConfigs.qwen3(3, 64, 64, 8, true);
        other.remove("model_type");
        other.putArray("architectures").add("LlavaForConditionalGeneration");
        assertEquals(file + ": unknown architecture [\"LlavaForConditionalGeneration\"]" + known, message(other));
        assertEquals(file + ": unknown architecture (none)" + known, message(Json.MAPPER.createObjectNode()));
    }

    @Test
    void whatIsNotImplementedIsRefused() {
        ObjectNode sliding =
                PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8).put("use_sliding_window", true);
        assertTrue(message(sliding).contains("use_sliding_window"));
        ObjectNode yarn = PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8);
        yarn.withObject("rope_scaling").put("type", "yarn");
        assertTrue(message(yarn).contains("rope_type \"yarn\" is not supported"));
        ObjectNode windows = PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8);
        windows.withObject("vision_config").put("window_size", 27);
        assertTrue(message(windows).contains("window_size (27) is less than one merged unit of 28 pixels"));
        ObjectNode activation = PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8);
        activation.withObject("vision_config").put("hidden_act", "quick_gelu");
        assertTrue(message(activation).contains("hidden_act \"quick_gelu\" is not supported; this family has silu"));
        ObjectNode theta = PublishedConfigs.qwen3(3, 64, 64, 8, true);
        theta.withObject("vision_config").putObject("rope_parameters").put("rope_theta", 100);
        assertTrue(message(theta).contains("vision_config: rope_theta 100.0 is not supported"));
        ObjectNode layers = PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8);
        layers.putArray("layer_types").add("full_attention").add("sliding_attention");
        assertTrue(message(layers).contains("layer_types names \"sliding_attention\""));
        ObjectNode heads =
                PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8).put("head_dim", 64);
        assertTrue(message(heads).contains("head_dim (64) must be hidden_size / num_attention_heads (128)"));
    }

    /** The defaults of transformers 5.18; each is that of the text or of the rotary settings, not of published files. */
    @Test
    void whatTheFileLeavesOutHasTheFamilysDefault() {
        ObjectNode qwen3 = PublishedConfigs.qwen3(3, 4096, 64, 32, true);
        ObjectNode text = qwen3.withObject("text_config");
        text.remove(List.of("num_key_value_heads", "head_dim", "rms_norm_eps", "rope_theta", "rope_scaling"));
        TextConfig read = read(qwen3).text();
        assertEquals(List.of(32, 128, 128_000), List.of(read.numKeyValueHeads(), read.headDim(), read.maxPositions()));
        assertEquals(List.of(1e-6, 5e5), List.of(read.rmsNormEps(), read.ropeTheta()));
        assertEquals(List.of(24, 20, 20), read.mropeSection());
        text.putNull("num_key_value_heads").put("num_attention_heads", 16);
        assertEquals(16, read(qwen3).text().numKeyValueHeads(), "null: as many as heads");
        ObjectNode qwen25 = PublishedConfigs.qwen25(2, 1024, 64, 8, 1, 151936, 8);
        qwen25.remove(List.of("num_key_value_heads", "rms_norm_eps", "rope_theta", "rope_scaling"));
        read = read(qwen25).text();
        assertEquals(List.of(8, 128, 32_768), List.of(read.numKeyValueHeads(), read.headDim(), read.maxPositions()));
        assertEquals(List.of(1e-5, 1e6), List.of(read.rmsNormEps(), read.ropeTheta()));
        assertEquals(List.of(16, 24, 24), read.mropeSection());
    }

    @Test
    void ropeScalingComesBeforeRopeParameters() {
        ObjectNode root = PublishedConfigs.qwen3(3, 64, 64, 8, true);
        root.withObject("text_config")
                .putObject("rope_parameters")
                .put("rope_theta", 7)
                .put("rope_type", "yarn");
        assertEquals(5e6, read(root).text().ropeTheta());
        root.withObject("text_config").remove("rope_scaling");
        assertTrue(message(root).contains("rope_type \"yarn\" is not supported"));
        root.withObject("text_config").withObject("rope_parameters").put("rope_type", "default");
        assertEquals(7, read(root).text().ropeTheta());
    }

    @Test
    void fieldsThatNoFamilyKnowsAreFound() {
        ObjectNode root = PublishedConfigs.qwen3(3, 64, 64, 8, true).put("my_note", 1);
        root.withObject("text_config")
                .put("router", 2)
                .withObject("rope_scaling")
                .put("factor", 2);
        root.withObject("vision_config").put("colour", 3).putNull("shape");
        assertEquals(
                Set.of("my_note", "text_config.rope_scaling.factor", "text_config.router", "vision_config.colour"),
                unknown(root));
        assertEquals(Set.of(), unknown(PublishedConfigs.qwen3(3, 64, 64, 8, true)));
        assertEquals(Set.of(), unknown(PublishedConfigs.qwen25(2, 3584, 64, 28, 4, 152064, 8)));
        assertEquals(
                Set.of("vision_config.window_size"),
                unknown(PublishedConfigs.qwen3(3, 64, 64, 8, true)
                        .set("vision_config", Json.MAPPER.createObjectNode().put("window_size", 112))));
    }

    private static Set<String> unknown(ObjectNode root) {
        Path file = Path.of("config.json");
        return KnownFields.unknown(
                new JsonFields(file, root), ModelFamily.of(file, root).fields());
    }

    private String message(ObjectNode root) {
        return assertThrows(InputException.class, () -> read(root)).getMessage();
    }
}
