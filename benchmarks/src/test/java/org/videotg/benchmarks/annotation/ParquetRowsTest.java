package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;

/** Files that bench/reference/parquet_rows.py wrote with pyarrow, and the same rows as JSON lines. */
class ParquetRowsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "zstd", "gzip", "lz4", "pages2"})
    void rowsAreThoseOfTheJsonLines(String name) throws IOException {
        List<JsonNode> expected = Files.readAllLines(file("rows.jsonl")).stream()
                .map(line -> Json.parse(line, "rows.jsonl"))
                .toList();
        FileRows read = FileRows.read(file(name + ".parquet"));
        List<JsonNode> rows = read.rows().stream().map(FileRow::node).toList();
        assertEquals(2, rows.size());
        for (int i = 0; i < 2; i++) {
            // As texts, since 1 is another node as a long than as an int.
            assertEquals(expected.get(i).toString(), rows.get(i).toString());
        }
        AnnotationFile annotations = AnnotationFile.read(file(name + ".parquet"));
        assertEquals("timelens2", annotations.format().name());
        assertEquals("d/b.mp4#0", annotations.annotations().get(1).id());
    }

    @ParameterizedTest
    @CsvSource({"brotli, is compressed with BROTLI", "deep, nested too deep", "long, more than 1000000 values"})
    void whatIsNotReadIsSaid(String name, String reason) {
        String message = assertThrows(InputException.class, () -> FileRows.read(file(name + ".parquet")))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void brokenFilesAreRefusedInOneLine() throws IOException {
        byte[] whole = Files.readAllBytes(file("snappy.parquet"));
        Random random = Draw.generator(7, "parquet");
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] broken = whole.clone();
            for (int change = 0; change <= i % 3; change++) {
                broken[4 + random.nextInt(broken.length - 4)] = (byte) random.nextInt(256);
            }
            if (i % 4 == 0) {
                broken = Arrays.copyOf(broken, 4 + random.nextInt(broken.length - 4));
            }
            Path path = Files.write(folder.resolve("broken.parquet"), broken);
            try {
                FileRows.read(path);
            } catch (InputException e) {
                assertTrue(e.getMessage().startsWith(path + ": "), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 200, refused + " refused");
    }

    private static Path file(String name) {
        try {
            return Path.of(ParquetRowsTest.class.getResource("/parquet/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
