package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;

class RunManifestTest {
    @Test
    void readsBackWhatItWrote(@TempDir Path folder) throws Exception {
        Path data = Files.writeString(folder.resolve("train.jsonl"), "abc");
        RunManifest manifest = RunManifest.start(List.of("train", "grpo.yaml"), Instant.parse("2026-01-02T03:04:05Z"))
                .withRecipe(Json.parse("{\"steps\":10}", "t"), Map.of("sampling", 7L))
                .withModel(
                        new ModelIdentity("m", "a", "w", "p"),
                        PromptTemplate.DEFAULT,
                        2.0,
                        "utils, 16 to 768 tokens a frame")
                .withData(List.of(data))
                .withLibraries(Map.of("pytorch", "2.10.0"))
                .withNote("arm", "method");
        manifest.write(folder.resolve("run"));
        assertEquals(Json.line(manifest), Json.line(RunManifest.read(folder.resolve("run"))));
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                manifest.data().get(data.toString()));
        assertEquals("2026-01-02T03:04:05Z", manifest.startTime());
        assertTrue(manifest.versions().keySet().containsAll(List.of("java", "os", "pytorch")));
        assertEquals(
                List.of("manifest.json"),
                List.of(folder.resolve("run").toFile().list()),
                "nothing else is left behind");
        assertThrows(InputException.class, () -> manifest.withData(List.of(folder.resolve("missing"))));
    }
}
