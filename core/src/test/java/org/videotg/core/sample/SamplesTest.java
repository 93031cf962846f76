package org.videotg.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;

class SamplesTest {
    private static final String ROW = "{\"id\":\"a\",\"video\":\"v/a.mp4\",\"duration\":9.5,"
            + "\"query\":\"q\",\"intervals\":[[1.0,2.0]],\"task\":\"vtg\",\"mine\":[1,{\"x\":null}]}";

    @Test
    void unknownFieldsAreKeptAndWrittenBack(@TempDir Path folder) {
        Path file = folder.resolve("data.jsonl");
        AtomicFiles.writeString(file, ROW + "\n");
        List<Sample> samples = Samples.read(file);
        Samples.write(folder.resolve("copy.jsonl"), samples);
        assertEquals(ROW + "\n", AtomicFiles.readString(folder.resolve("copy.jsonl")));
        assertEquals(folder.resolve("v/a.mp4").toAbsolutePath(), Samples.resolve(file, samples.get(0)));
    }

    @Test
    void badRowsAreNamedInOneLine(@TempDir Path folder) {
        Map<String, String> changes = Map.of(
                "\"id\":\"a\",",
                "",
                "9.5",
                "0",
                "\"q\"",
                "[]",
                "[[1.0,2.0]]",
                "[[1.0]]",
                "\"vtg\"",
                "\"vt\"",
                "\"duration\":9.5",
                "\"duration\":\"9\"",
                "}]}",
                "}]",
                "\"v/a.mp4\"",
                "null");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            Path file = folder.resolve("data.jsonl");
            AtomicFiles.writeString(file, "\n" + ROW.replace(change.getKey(), change.getValue()) + "\n");
            String message = assertThrows(InputException.class, () -> Samples.read(file), change.toString())
                    .getMessage();
            assertTrue(message.startsWith(file + ":2: ") && message.lines().count() == 1, message);
        }
        Path twice = folder.resolve("twice.jsonl");
        AtomicFiles.writeString(twice, ROW + "\n" + ROW + "\n");
        assertTrue(assertThrows(InputException.class, () -> Samples.read(twice))
                .getMessage()
                .contains("is already used at"));
    }

    @Test
    void whatAStoppedRunLeftIsCutOff(@TempDir Path folder) {
        Path file = folder.resolve("rows.jsonl");
        assertEquals(List.of(), JsonlLog.recover(file));
        AtomicFiles.writeString(file, "{\"a\":1}\n{\"a\":2");
        try (JsonlLog log = JsonlLog.open(file)) {
            assertEquals(1, log.rows().size());
            log.append(Map.of("a", 3));
        }
        assertEquals(
                List.of(1, 3),
                Jsonl.read(file).stream()
                        .map(row -> row.node().path("a").asInt())
                        .toList());
    }
}
