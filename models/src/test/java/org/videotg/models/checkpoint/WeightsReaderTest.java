package org.videotg.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class WeightsReaderTest {
    @TempDir
    Path folder;

    private static ModelParameters parameters() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("a", Tensors.floats(new float[] {1, 2, 3, 4}, 2, 2));
            tensors.put("b", Tensors.floats(new float[] {5, 6}, 2));
            tensors.put("c", Tensors.floats(new float[] {7, 8, 9}, 3));
            tensors.put("d", Tensors.floats(new float[] {10}, 1));
            return new ModelParameters("test", tensors);
        }
    }

    private static WeightsWriter writer(long maxShardBytes) {
        return new WeightsWriter(Optional.empty(), maxShardBytes);
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void assertLoads(ModelParameters expected) {
        try (ModelParameters read = WeightsReader.load(folder, ScalarType.Float);
                PointerScope scope = new PointerScope()) {
            assertEquals(expected.all().keySet(), read.all().keySet());
            expected.all()
                    .forEach((name, tensor) ->
                            assertTrue(torch.equal(tensor, read.all().get(name)), name));
        }
    }

    @Test
    void shardsAreFilledInOrderAndReplaceWhatWasThere() throws IOException {
        try (ModelParameters parameters = parameters()) {
            for (long most : new long[] {1, 24, 16, 1000, 24, 20}) {
                writer(most).save(folder, parameters);
                assertLoads(parameters);
            }
            // 20 bytes: a; b and c; d.
            assertEquals(
                    new TreeSet<>(List.of(
                            "model-00001-of-00003.safetensors",
                            "model-00002-of-00003.safetensors",
                            "model-00003-of-00003.safetensors",
                            WeightsReader.INDEX)),
                    files());
            JsonNode index = Json.read(folder.resolve(WeightsReader.INDEX));
            assertEquals(40, index.path("metadata").path("total_size").longValue());
            assertEquals(
                    "model-00002-of-00003.safetensors",
                    index.path("weight_map").path("c").asText());
            WeightsWriter.DEFAULT.save(folder, parameters);
            assertEquals(new TreeSet<>(List.of(WeightsReader.SINGLE)), files());
            assertThrows(InputException.class, () -> writer(0));
        }
    }

    @Test
    void filesHaveTheTypeAskedFor() {
        try (ModelParameters parameters = parameters()) {
            new WeightsWriter(Optional.of(ScalarType.BFloat16), 12).save(folder, parameters);
            assertLoads(parameters);
            assertEquals(
                    20,
                    Json.read(folder.resolve(WeightsReader.INDEX))
                            .path("metadata")
                            .path("total_size")
                            .longValue());
            try (ModelParameters half = WeightsReader.load(folder, ScalarType.Half)) {
                assertEquals(ScalarType.Half, half.all().get("a").scalar_type().intern());
            }
        }
    }

    @Test
    void shardsMustHoldWhatTheIndexSays() throws IOException {
        try (ModelParameters parameters = parameters()) {
            writer(24).save(folder, parameters);
        }
        Path index = folder.resolve(WeightsReader.INDEX);
        String sound = Files.readString(index);
        String second = "model-00002-of-00002.safetensors";
        refused(index, sound.replace("\"b\"", "\"x\""), "holds tensor \"b\"");
        refused(index, sound.replace("\"b\"", "\"x\" : \"" + second + "\", \"b\""), "lacks tensor \"x\"");
        refused(index, sound.replace(second, "../" + second), "beside the index");
        refused(index, sound.replace(second, "pytorch_model-00002.bin"), "pickle");
        refused(index, "{\"weight_map\": {}}", "empty");
        AtomicFiles.writeString(index, sound);
        Files.delete(folder.resolve(second));
        assertTrue(message().contains(second) && message().contains("missing"), message());
        Files.copy(
                folder.resolve("model-00001-of-00002.safetensors"),
                folder.resolve(second),
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(message().contains("does not assign to it"), message());
    }

    private void refused(Path index, String text, String reason) {
        AtomicFiles.writeString(index, text);
        assertTrue(message().contains(reason), message());
    }

    private String message() {
        String message = assertThrows(InputException.class, () -> WeightsReader.load(folder, ScalarType.Float))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void picklesAreRefusedAndNotCopied() throws IOException {
        Path target = folder.resolve("copy");
        Files.writeString(folder.resolve("pytorch_model.bin"), "never read");
        Files.writeString(
                folder.resolve("config.json"),
                "{\"dtype\": \"bfloat16\", \"text_config\": {\"torch_dtype\": \"bfloat16\"}}");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
        assertTrue(message().contains("pickle") && message().contains("pytorch_model.bin"), message());
        CompanionFiles.copy(folder, target, ScalarType.Float);
        assertFalse(Files.exists(target.resolve("pytorch_model.bin")));
        assertEquals("{{ messages }}", Files.readString(target.resolve("chat_template.jinja")));
        JsonNode config = Json.read(target.resolve("config.json"));
        assertEquals("float32", config.path("dtype").asText());
        assertEquals("float32", config.path("text_config").path("torch_dtype").asText());
        CompanionFiles.copy(folder, target, ScalarType.BFloat16);
        assertEquals(Files.readString(folder.resolve("config.json")), Files.readString(target.resolve("config.json")));
    }
}
