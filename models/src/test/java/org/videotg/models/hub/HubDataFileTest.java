package org.videotg.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;

class HubDataFileTest {
    private static final String FILE = "hf://datasets/" + FakeHub.DATASET + "/data/train.jsonl";

    @TempDir
    Path cache;

    @Test
    void aFileIsDownloadedOnceToWhereHuggingFaceHubKeepsIt() throws IOException {
        try (FakeHub hub = new FakeHub()) {
            Path file = HubDataFile.of(FILE).in(models(hub, false));
            assertEquals(
                    cache.resolve("datasets--maker--moments/snapshots/" + FakeHub.COMMIT + "/data/train.jsonl"), file);
            assertArrayEquals(hub.files.get("data/train.jsonl"), Files.readAllBytes(file));
            assertEquals(FakeHub.COMMIT, Files.readString(cache.resolve("datasets--maker--moments/refs/main")));
            assertEquals(file, HubDataFile.of(FILE).in(models(hub, false)));
            assertEquals(1, hub.count("GET", "/data/train.jsonl"));
            assertEquals(
                    file,
                    HubDataFile.of(FILE.replace("moments/", "moments@" + FakeHub.COMMIT + "/"))
                            .in(models(hub, true)));
            String absent = assertThrows(
                            InputException.class,
                            () -> HubDataFile.of(FILE + "x").in(models(hub, false)))
                    .getMessage();
            assertTrue(
                    absent.startsWith("datasets/maker/moments at ") && absent.contains("no file data/train.jsonlx"),
                    absent);
            assertThrows(InputException.class, () -> HubDataFile.of(FILE + "x").in(models(hub, true)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://maker/moments/a.jsonl",
                "hf://datasets/moments/a.jsonl",
                "hf://datasets/maker/moments",
                "hf://datasets/maker/moments/",
                "hf://datasets/maker/moments/../a",
                "hf://datasets/maker/moments/a//b",
                "hf://datasets/../moments/a"
            })
    void otherFormsAreRefused(String text) {
        assertThrows(InputException.class, () -> HubDataFile.of(text));
    }

    @Test
    void aPathIsAPath() {
        assertEquals(Path.of("a/b.jsonl"), HubDataFile.locate("a/b.jsonl"));
    }

    private HubModels models(FakeHub hub, boolean offline) {
        List<String> notes = new ArrayList<>();
        return new HubModels(
                new HubSettings(hub.endpoint(), cache, Optional.empty(), offline, true),
                new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMillis(400)),
                notes::add);
    }
}
