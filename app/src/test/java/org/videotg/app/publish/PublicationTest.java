package org.videotg.app.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.publish.Publication.Facts;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;
import org.videotg.models.hub.HubName.Kind;
import org.videotg.models.hub.UploadFile;

class PublicationTest {
    private static final String BASE = "Qwen/Qwen3-VL-2B-Instruct";

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void run() throws IOException {
        run = Files.createDirectories(folder.resolve("run"));
        Path data = Files.writeString(folder.resolve("train.jsonl"), "{}\n");
        JsonNode recipe = Json.parse(
                "{\"algorithm\":\"grpo\",\"data\":\"" + data + "\",\"model\":\"" + folder.resolve("base") + "\"}",
                "recipe");
        RunManifest.start(List.of("train", folder.toString()), Instant.EPOCH)
                .withRecipe(recipe, Map.of())
                .withData(List.of(data))
                .withModel(new ModelIdentity(folder + "/base", "qwen3_vl", "abc123", "p"), null, 2.0, "b")
                .write(run);
        Path adapter = Files.createDirectory(run.resolve("adapter"));
        write(
                adapter,
                "adapter_config.json",
                "{\"peft_type\":\"LORA\",\"base_model_name_or_path\":\"" + folder + "/base\"}");
        write(adapter, "adapter_model.safetensors", "weights");
        write(adapter, "checksums.jsonl", "{}");
        new TrainedWith(PromptTemplate.DEFAULT.withName(folder + "/mine.yaml"), Map.of("fps", "2"), 96).write(adapter);
        Path model = Files.createDirectory(run.resolve("model"));
        write(model, "config.json", "{\"_name_or_path\":\"" + folder + "/base\",\"model_type\":\"qwen3_vl\"}");
        write(model, "model.safetensors", "weights");
        write(model, "README.md", "the card of the base model");
        write(Files.createDirectory(run.resolve("eval")), "metrics.json", "{\"mIoU\":0.51234,\"N\":12,\"name\":\"x\"}");
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Facts facts(String base) {
        return new Facts(
                "me/new",
                Optional.ofNullable(base),
                Optional.empty(),
                Optional.of(run.resolve("eval")),
                Optional.empty(),
                "train");
    }

    private static String text(Publication publication, String path) {
        return publication.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .flatMap(UploadFile::text)
                .orElseThrow();
    }

    private static JsonNode header(Publication publication) {
        return Yaml.parse(text(publication, "README.md").split("---\n")[1], "card");
    }

    private void holdsNoFolder(Publication publication) {
        publication
                .files()
                .forEach(file -> file.text()
                        .ifPresent(text -> assertFalse(text.contains(folder.toString()), file.path() + ": " + text)));
    }

    @Test
    void anAdapterNamesItsBaseAndNothingOfThisMachine() {
        String refusal = assertThrows(InputException.class, () -> Publication.of(run, facts(null)))
                .getMessage();
        assertTrue(refusal.contains("--base OWNER/NAME"), refusal);
        Publication publication = Publication.of(run, facts(BASE));
        assertEquals(Kind.MODEL, publication.kind());
        assertEquals(
                List.of("README.md", "adapter_config.json", "adapter_model.safetensors", "videotg.json"),
                publication.files().stream().map(UploadFile::path).toList());
        holdsNoFolder(publication);
        assertEquals(
                BASE,
                Json.parse(text(publication, "adapter_config.json"), "config")
                        .path("base_model_name_or_path")
                        .asText());
        assertEquals(
                "mine.yaml",
                Json.parse(text(publication, "videotg.json"), "videotg.json")
                        .path("prompt")
                        .path("name")
                        .asText());
        assertEquals("apache-2.0", header(publication).path("license").asText());
        assertEquals("peft", header(publication).path("library_name").asText());
        assertEquals(BASE, header(publication).path("base_model").asText());
        String card = text(publication, "README.md");
        assertTrue(card.contains("| mIoU | 0.5123 |") && card.contains("| N | 12 |"), card);
        assertTrue(card.contains("`train.jsonl`, SHA-256") && card.contains("\"algorithm\" : \"grpo\""), card);
    }

    @Test
    void aModelHasItsOwnCardAndTheNameOfACachedBaseIsKnown() throws IOException {
        Path cached = folder.resolve("models--Qwen--Qwen3-VL-4B-Instruct/snapshots/0123");
        RunManifest.start(List.of(), Instant.EPOCH)
                .withModel(new ModelIdentity(cached.toString(), "qwen3_vl", "abc", "p"), null, 2.0, "b")
                .write(run);
        Publication publication = Publication.of(run.resolve("model"), facts(null));
        holdsNoFolder(publication);
        assertEquals(
                "Qwen/Qwen3-VL-4B-Instruct",
                header(publication).path("base_model").asText());
        assertEquals(
                "{\"model_type\":\"qwen3_vl\"}", Json.line(Json.parse(text(publication, "config.json"), "config")));
        assertFalse(text(publication, "README.md").contains("the card of the base model"));
        write(run.resolve("model"), "generation_config.json", "{\"note\":\"see " + folder + "/run/model/x\"}");
        String refusal = assertThrows(InputException.class, () -> Publication.of(run.resolve("model"), facts(null)))
                .getMessage();
        assertTrue(refusal.startsWith("generation_config.json names "), refusal);
    }

    @Test
    void videosOfADataSetLoseTheirFolders() throws IOException {
        Path file = Files.writeString(
                folder.resolve("selected.jsonl"),
                "{\"id\":\"a\",\"video\":\"" + folder
                        + "/v/a.mp4\",\"duration\":9,\"query\":\"q\",\"intervals\":[[1,2]],\"hard\":true}\n"
                        + "{\"id\":\"b\",\"video\":\"../v/b.mp4\",\"duration\":9,\"query\":\"q\",\"intervals\":[[1,2]]}\n");
        Path report = Files.writeString(folder.resolve("report.json"), "{\"selected\":2,\"data\":\"" + file + "\"}");
        Facts facts = new Facts(
                "me/selected",
                Optional.empty(),
                Optional.of("cc-by-4.0"),
                Optional.empty(),
                Optional.of(report),
                "train");
        Publication publication = Publication.of(file, facts);
        assertEquals(Kind.DATASET, publication.kind());
        holdsNoFolder(publication);
        String rows = text(publication, "data/train.jsonl");
        assertTrue(rows.contains("\"video\":\"a.mp4\"") && rows.contains("\"video\":\"v/b.mp4\""), rows);
        assertEquals(
                "data/train.jsonl",
                header(publication).at("/configs/0/data_files/0/path").asText());
        assertTrue(text(publication, "README.md").contains("\"selected\" : 2"));
        Files.writeString(
                file,
                "{\"id\":\"c\",\"video\":\"" + folder
                        + "/w/a.mp4\",\"duration\":9,\"query\":\"q\",\"intervals\":[[1,2]]}\n"
                        + "{\"id\":\"d\",\"video\":\"" + folder
                        + "/v/a.mp4\",\"duration\":9,\"query\":\"q\",\"intervals\":[[1,2]]}\n");
        String refusal = assertThrows(InputException.class, () -> Publication.of(file, facts))
                .getMessage();
        assertTrue(refusal.contains("would both be called a.mp4"), refusal);
    }
}
