package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** Checkpoints whose files say unusual things are read as transformers 5.18 reads them, or refused by name. */
class UnusualCheckpointTest {
    private static final Path SMALL = Path.of("..", "models", "small");
    private static final String PROMPT = "{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' }}"
            + "{%- for content in message.content %}{%- if content.type == 'video' %}\n"
            + "  <|vision_start|><|video_pad|><|vision_end|>{%- elif 'text' in content %}{{- content.text }}"
            + "{%- endif %}{%- endfor %}{{- '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}"
            + "{{- '<|im_start|>assistant\\n' }}{%- endif %}\n";

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(SMALL)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private String refusal() {
        return assertThrows(InputException.class, () -> ModelFolder.open(folder).close())
                .getMessage();
    }

    @Test
    void theNestedVideoProcessorOfTransformers5ComesFirst() throws IOException {
        ObjectNode video = Json.read(folder.resolve("video_preprocessor_config.json"));
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.set("video_processor", video.deepCopy().put("fps", 1).put("max_frames", 32));
        Files.writeString(folder.resolve("processor_config.json"), root.toString());
        try (ModelFolder opened = ModelFolder.open(folder)) {
            assertTrue(opened.describeVideos().contains("fps=1.0"), opened.describeVideos());
        }
        Files.writeString(folder.resolve("processor_config.json"), "{\"processor_class\":\"Qwen3VLProcessor\"}");
        try (ModelFolder opened = ModelFolder.open(folder)) {
            assertTrue(opened.describeVideos().contains("fps=2.0"), opened.describeVideos());
        }
    }

    @Test
    void sizesOfTheConfigurationMustBeThoseOfTheTensorsWhenItIsOpened() throws IOException {
        ObjectNode config = Json.read(folder.resolve("config.json"));
        ObjectNode text = (ObjectNode) config.path("text_config");
        int layers = text.path("num_hidden_layers").asInt();
        text.put("num_hidden_layers", 999);
        Files.writeString(folder.resolve("config.json"), config.toString());
        assertTrue(refusal().contains("is missing; the checkpoint is incomplete"), refusal());
        text.put("num_hidden_layers", layers).put("intermediate_size", 1_000_000_000);
        Files.writeString(folder.resolve("config.json"), config.toString());
        assertTrue(refusal().contains("config.json asks for [1000000000, "), refusal());
    }

    @Test
    void aFolderWithChecksumsIsComparedWithThemWhenItIsOpened() throws IOException {
        Path written = folder.resolve("written");
        try (ModelFolder opened = ModelFolder.open(folder);
                ModelParameters weights = WeightsReader.load(folder, torch.ScalarType.Float)) {
            AtomicFiles.writeFolder(written, target -> opened.save(target, weights));
        }
        ModelFolder.open(written).close();
        Path file = written.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
        String refusal = assertThrows(
                        InputException.class, () -> ModelFolder.open(written).close())
                .getMessage();
        assertTrue(refusal.contains("model.safetensors is damaged"), refusal);
    }

    @Test
    void chatTemplatesThatWriteTheSamePromptAreAccepted() throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), PROMPT);
        ModelFolder.open(folder).close();
        Files.writeString(folder.resolve("chat_template.jinja"), "{% set words = 'Hm.' %}" + PROMPT);
        ModelFolder.open(folder).close();
        Files.delete(folder.resolve("chat_template.jinja"));
        ModelFolder.open(folder).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat_template.json", "chat_template.jinja", "tokenizer_config.json"})
    void otherChatTemplatesAreRefused(String name) throws IOException {
        Files.delete(folder.resolve("chat_template.jinja"));
        for (String other : new String[] {
            PROMPT.replace("assistant\\n", "assistant\\n<think>\\n"),
            "<|im_start|>system\nAnswer in verse.<|im_end|>\n" + PROMPT,
            PROMPT.replace("{{- '<|im_start|>assistant\\n' }}", ""),
        }) {
            Files.writeString(
                    folder.resolve(name),
                    name.endsWith(".jinja")
                            ? other
                            : Json.MAPPER
                                    .createObjectNode()
                                    .put("chat_template", other)
                                    .toString());
            assertTrue(refusal().startsWith(folder.resolve(name) + ": this chat template is not supported"));
            VideoOptions ignore = VideoOptions.of(Map.of("chat_template", "ignore"));
            ModelFolder.open(folder, Optional.empty(), ignore).close();
        }
    }

    @Test
    void endTokensAreAnIdOrAList() throws IOException {
        Path file = folder.resolve("generation_config.json");
        Files.writeString(file, "{\"eos_token_id\": [455, \"<|im_end|>\"]}");
        assertTrue(refusal().contains("\"eos_token_id\" must be an id or a list of ids"));
        Files.delete(file);
        assertTrue(refusal().contains("\"eos_token_id\" is missing"));
        ObjectNode config = Json.read(folder.resolve("config.json"));
        config.withObject("text_config").put("eos_token_id", 455);
        Files.writeString(folder.resolve("config.json"), config.toString());
        try (ModelFolder opened = ModelFolder.open(folder)) {
            assertEquals(Set.of(455), opened.endTokens());
        }
    }

    @Test
    void tensorsOfQuantizedTypesAreRefused() {
        try (PointerScope scope = new PointerScope();
                ModelParameters read = WeightsReader.load(folder, torch.ScalarType.Float)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(read.all());
            String name = "model.language_model.layers.0.self_attn.q_proj.weight";
            tensors.put(name, tensors.get(name).to(torch.ScalarType.Char));
            SafetensorsWriter.write(folder.resolve(WeightsReader.SINGLE), tensors, Map.of());
        }
        assertTrue(refusal().contains("q_proj.weight\" has type I8, as quantized weights have"));
    }

    /** A head that equals the embedding is left out, so that training changes both; another one is used. */
    @Test
    void aHeadBesideTiedEmbeddings() {
        for (boolean same : new boolean[] {true, false}) {
            try (PointerScope scope = new PointerScope();
                    ModelParameters read = WeightsReader.load(SMALL, torch.ScalarType.Float)) {
                Map<String, Tensor> tensors = new LinkedHashMap<>(read.all());
                Tensor embedding = tensors.get("model.language_model.embed_tokens.weight");
                tensors.put("lm_head.weight", same ? embedding : embedding.neg());
                WeightsWriter.DEFAULT.save(folder, new ModelParameters("test", tensors));
                try (ModelFolder opened = ModelFolder.open(folder);
                        Model model = opened.load(torch.ScalarType.Float)) {
                    assertEquals(!same, model.parameters().has("lm_head.weight"));
                    Tensor hidden = embedding.narrow(0, 7, 1);
                    assertArrayEquals(
                            Tensors.toFloats(hidden.matmul((same ? embedding : embedding.neg()).t())),
                            Tensors.toFloats(model.logits(hidden)),
                            1e-4f);
                }
            }
        }
    }

    @Test
    void namesOfAdapterTensorsThatAreTooShortAreRefused() throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8,\"target_modules\":[\"q_proj\"]}");
        try (PointerScope scope = new PointerScope()) {
            SafetensorsWriter.write(
                    folder.resolve(LoraAdapter.WEIGHTS),
                    Map.of("base_model.model.lora_A.weight", Tensors.zeros(4, 8)),
                    Map.of());
        }
        InputException error = assertThrows(InputException.class, () -> LoraAdapter.load(folder, Device.CPU));
        assertTrue(error.getMessage().contains("is not a LoRA factor"), error.getMessage());
    }
}
