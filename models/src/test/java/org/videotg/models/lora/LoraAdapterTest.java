package org.videotg.models.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.Model;
import org.videotg.models.ModelConfig;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** Against the logits that {@code bench/reference/golden_lora.py} had from PEFT 0.18.0. */
class LoraAdapterTest {
    private static final Path ROOT = Path.of("src/test/resources/golden/lora");
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    /** The golden inputs, through a model of these parameters. */
    private static Tensor logits(String family, ModelParameters parameters) {
        Model model = new Model(ModelConfig.read(ROOT.resolve(family + "/checkpoint/config.json")), parameters);
        try (SafetensorsFile values = SafetensorsFile.open(ROOT.resolve(family + "/values.safetensors"))) {
            int[] ids = Arrays.stream(Tensors.toLongs(values.tensor("input_ids")))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            Tensor positions = values.tensor("position_ids");
            long[][] axes = {
                Tensors.toLongs(positions.select(0, 0)),
                Tensors.toLongs(positions.select(0, 1)),
                Tensors.toLongs(positions.select(0, 2))
            };
            VisualEmbeddings visual =
                    VisualEmbeddings.of(model.vision().forward(values.tensor("pixel_values_videos"), 2, 4, 8));
            int[] slots = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] == model.config().videoTokenId())
                    .toArray();
            return model.logits(model.hidden(new PackedRow(new Prefix(ids, axes, slots, 0), List.of()), visual));
        }
    }

    private static Tensor expected(String family, String name) {
        try (SafetensorsFile values = SafetensorsFile.open(ROOT.resolve(family + "/values.safetensors"))) {
            return values.tensor(name);
        }
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertArrayEquals(Tensors.shape(expected), Tensors.shape(actual));
        double difference = actual.sub(expected).abs().max().item_double();
        assertTrue(difference <= tolerance, "off by " + difference);
    }

    private static ModelParameters base(String family) {
        return WeightsReader.load(ROOT.resolve(family + "/checkpoint"), torch.ScalarType.Float);
    }

    private static LoraAdapter adapter(String family, String name) {
        return LoraAdapter.load(ROOT.resolve(family).resolve(name), Device.CPU);
    }

    @ParameterizedTest
    @CsvSource({
        "qwen3,names",
        "qwen3,expression",
        "qwen3,vision",
        "qwen2_5,names",
        "qwen2_5,expression",
        "qwen2_5,vision"
    })
    void anAdapterOfPeftGivesItsLogitsAndLeavesTheBaseAlone(String family, String name) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                ModelParameters base = base(family);
                LoraAdapter adapter = adapter(family, name);
                ModelParameters adapted = adapter.applyTo(base)) {
            Tensor reference = expected(family, "base");
            Tensor expected = expected(family, name);
            assertTrue(expected.sub(reference).abs().max().item_double() > 0.1, "the adapter has an effect");
            assertClose(expected, logits(family, adapted), TOLERANCE);
            assertClose(reference, logits(family, base), TOLERANCE);
            adapter.merge(base);
            assertClose(
                    name.equals("vision") ? expected(family, "vision.merged") : expected,
                    logits(family, base),
                    TOLERANCE);
            adapter.save(folder);
        }
        // What was saved is what was loaded.
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                ModelParameters base = base(family);
                LoraAdapter again = LoraAdapter.load(folder, Device.CPU);
                ModelParameters adapted = again.applyTo(base)) {
            assertClose(expected(family, name), logits(family, adapted), TOLERANCE);
            LoraConfig expected =
                    LoraConfig.read(ROOT.resolve(family).resolve(name).resolve(LoraConfig.FILE));
            assertEquals(expected, again.config());
        }
    }

    /** Earlier versions of transformers name the language model {@code model}, and so do adapters made with them. */
    @Test
    void moduleNamesOfEarlierVersionsAreRead() throws IOException {
        try (PointerScope scope = new PointerScope();
                LoraAdapter adapter = adapter("qwen3", "names")) {
            Map<String, Tensor> earlier = new LinkedHashMap<>();
            adapter.factors()
                    .forEach((name, factor) ->
                            earlier.put(name.replace("model.model.language_model.", "model.model."), factor));
            assertTrue(earlier.keySet().stream().noneMatch(name -> name.contains("language_model")));
            SafetensorsWriter.write(folder.resolve(LoraAdapter.WEIGHTS), earlier, Map.of());
            Files.copy(ROOT.resolve("qwen3/names").resolve(LoraConfig.FILE), folder.resolve(LoraConfig.FILE));
            try (LoraAdapter read = LoraAdapter.load(folder, Device.CPU)) {
                assertEquals(adapter.factors().keySet(), read.factors().keySet());
            }
        }
    }

    @Test
    void aNewAdapterChangesNothingAndIsDrawnFromItsSeed() {
        LoraConfig config = config(new ModuleSelection.Expression(ModuleSelection.ALL_LINEAR));
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                ModelParameters base = base("qwen3");
                LoraAdapter adapter = LoraAdapter.random(config, base, 4);
                LoraAdapter same = LoraAdapter.random(config, base, 4);
                LoraAdapter other = LoraAdapter.random(config, base, 5);
                ModelParameters adapted = adapter.applyTo(base)) {
            assertClose(expected("qwen3", "base"), logits("qwen3", adapted), TOLERANCE);
            assertTrue(adapter.factors().keySet().stream()
                    .noneMatch(name -> name.contains("lm_head") || name.contains("embed")));
            assertTrue(adapter.factors().keySet().stream().anyMatch(name -> name.contains("visual.merger.linear_fc1")));
            String weight = "model.language_model.layers.1.mlp.down_proj.weight";
            long[] shape = Tensors.shape(base.all().get(weight));
            assertEquals(base.all().get(weight), base.get(weight, shape));
            assertThrows(IllegalStateException.class, () -> adapted.get(weight, shape), "only a linear layer adds it");
            String name = "base_model.model.model.language_model.layers.1.mlp.down_proj.lora_A.weight";
            assertArrayEquals(
                    new long[] {3, 40}, Tensors.shape(adapter.factors().get(name)));
            assertTrue(torch.equal(adapter.factors().get(name), same.factors().get(name)));
            assertFalse(torch.equal(adapter.factors().get(name), other.factors().get(name)));
            double largest = adapter.factors().get(name).abs().max().item_double();
            assertTrue(largest <= 1 / Math.sqrt(40) && largest > 0.8 / Math.sqrt(40), "largest " + largest);
        }
    }

    @Test
    void theRankStabilizedScaleIsAlphaOverTheRoot() {
        assertEquals(
                2.0,
                new LoraConfig(4, 8, false, new ModuleSelection.Names(List.of("q_proj")), Optional.empty(), "")
                        .scale());
        assertEquals(
                4.0,
                new LoraConfig(4, 8, true, new ModuleSelection.Names(List.of("q_proj")), Optional.empty(), "").scale());
    }

    private static LoraConfig config(ModuleSelection targets) {
        return new LoraConfig(3, 6, false, targets, Optional.empty(), "");
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        try (ModelParameters base = base("qwen3");
                LoraAdapter other = adapter("qwen2_5", "expression")) {
            refused(
                    "is no linear layer",
                    () -> LoraAdapter.random(config(new ModuleSelection.Names(List.of("norm1"))), base, 1));
            refused(
                    "is no linear layer",
                    () -> LoraAdapter.random(config(new ModuleSelection.Names(List.of("patch_embed.proj"))), base, 1));
            refused(
                    "match no linear layer",
                    () -> LoraAdapter.random(config(new ModuleSelection.Names(List.of("query"))), base, 1));
            refused("the model it was trained on", () -> other.applyTo(base));
        }
        refused("not a regular expression", () -> new ModuleSelection.Expression("("));
        for (String setting : List.of(
                "\"use_dora\": true",
                "\"bias\": \"all\"",
                "\"modules_to_save\": [\"lm_head\"]",
                "\"r\": 0",
                "\"rank_pattern\": {\"q_proj\": 2}",
                "\"init_lora_weights\": \"pissa\"",
                "\"peft_type\": \"LOHA\"",
                "\"target_modules\": []",
                "\"target_modules\": [\"k_proj\"]",
                "\"layers_to_transform\": 0")) {
            String field = setting.substring(1, setting.indexOf('"', 1));
            ObjectNode config = Json.read(ROOT.resolve("qwen3/names/adapter_config.json"));
            config.setAll((ObjectNode) Json.parse("{" + setting + "}", "test"));
            Files.writeString(folder.resolve(LoraConfig.FILE), config.toString());
            Files.copy(
                    ROOT.resolve("qwen3/names/adapter_model.safetensors"),
                    folder.resolve(LoraAdapter.WEIGHTS),
                    StandardCopyOption.REPLACE_EXISTING);
            refused(field.equals("r") ? "rank" : field, () -> LoraAdapter.load(folder, Device.CPU));
        }
        Files.delete(folder.resolve(LoraAdapter.WEIGHTS));
        Files.writeString(folder.resolve("adapter_model.bin"), "never read");
        Files.copy(
                ROOT.resolve("qwen3/names/adapter_config.json"),
                folder.resolve(LoraConfig.FILE),
                StandardCopyOption.REPLACE_EXISTING);
        refused("pickle", () -> LoraAdapter.load(folder, Device.CPU));
    }

    private static void refused(String reason, Executable work) {
        String message = assertThrows(InputException.class, work).getMessage();
        assertTrue(message.contains(reason) && !message.contains("\n"), message);
    }
}
