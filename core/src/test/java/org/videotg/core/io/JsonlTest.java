package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlTest {
    @TempDir
    private Path folder;

    @Test
    void linesReadOneByOneAreThoseOfTheWholeText() throws IOException {
        String wide = "é\uD83D\uDE80".repeat(12_000);
        for (String text : List.of(
                "", "\n", "a", "a\nb", "a\r\n\nb\n", "\uFEFFa\nb", wide, wide + "\n" + wide + "\n\n" + wide + wide)) {
            Path file = folder.resolve("lines.txt");
            Files.writeString(file, text);
            List<String> lines = new ArrayList<>();
            AtomicFiles.readLines(file, Limit.ROW_CHARACTERS, (line, number) -> {
                lines.add(line);
                assertEquals(lines.size(), number);
            });
            List<String> whole =
                    new ArrayList<>(List.of(AtomicFiles.readString(file).split("\n", -1)));
            if (whole.get(whole.size() - 1).isEmpty()) {
                whole.remove(whole.size() - 1);
            }
            assertEquals(whole, lines);
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("missing.jsonl");
        assertTrue(refusal(missing).contains(missing + " does not exist"), refusal(missing));
        Path binary = folder.resolve("binary.jsonl");
        Files.write(binary, new byte[] {'{', '}', '\n', (byte) 0xC3, '\n'});
        assertTrue(refusal(binary).contains(binary + " is not UTF-8 text"), refusal(binary));
        Path endless = folder.resolve("long.jsonl");
        Files.writeString(endless, "{}\n" + " ".repeat(Limit.ROW_CHARACTERS.intValue() + (1 << 15)));
        assertTrue(refusal(endless).contains(endless + ":2: more than 16777216 characters in a row"), refusal(endless));
    }

    private static String refusal(Path file) {
        return assertThrows(InputException.class, () -> Jsonl.read(file)).getMessage();
    }

    /** A stopped run may have left half of a character. */
    @Test
    void aRowCutAtAnyByteIsCutOffAndTheOthersStay() throws IOException {
        byte[] first = "{\"query\":\"一个人\"}\n".getBytes(StandardCharsets.UTF_8);
        byte[] second = "{\"query\":\"开灯 é\"}\n".getBytes(StandardCharsets.UTF_8);
        for (int left = 0; left < second.length; left++) {
            Path file = folder.resolve("cut-" + left + ".jsonl");
            byte[] bytes = Arrays.copyOf(first, first.length + left);
            System.arraycopy(second, 0, bytes, first.length, left);
            Files.write(file, bytes);
            int cut = left;
            int rows = JsonlLog.recover(file).size();
            // All but the line end: the row is whole.
            int expected = left == second.length - 1 ? 2 : 1;
            assertEquals(expected, rows, () -> cut + " bytes of the second row");
            append(file, Map.of("query", "next"));
            assertEquals(expected + 1, Jsonl.read(file).size());
        }
    }

    /** Editors and scripts often leave the last line without its end. */
    @Test
    void aWholeRowWithoutItsLineEndIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("whole.jsonl"), "{\"a\":1}\n{\"a\":2}");
        assertEquals(2, JsonlLog.recover(file).size());
        append(file, Map.of("a", 3));
        assertTrue(Files.readString(file).startsWith("{\"a\":1}\n{\"a\":2}\n{\"a\":3,"), Files.readString(file));
    }

    @Test
    void aFlippedBitOfALogIsNoticedOrChangesNothing() throws IOException {
        Path file = folder.resolve("log.jsonl");
        append(file, Map.of("id", "a", "iou", 0.5));
        append(file, Map.of("id", "b", "iou", 0.25));
        byte[] whole = Files.readAllBytes(file);
        List<String> rows = values(file);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            try {
                assertEquals(rows, values(file), "bit " + bit);
            } catch (InputException e) {
                assertTrue(e.getMessage().contains("log.jsonl"), e.getMessage());
            }
        }
        Files.writeString(file, "{\"id\":\"a\", \"iou\": 0.75, \"rowCrc32c\": \"00000000\"}");
        assertEquals(List.of("\"a\" 0.75"), values(file), "written anew by another program");
    }

    private static List<String> values(Path file) {
        return Jsonl.read(file).stream()
                .map(row -> row.node().get("id") + " " + row.node().get("iou"))
                .toList();
    }

    /** What a power failure leaves of rows that were not forced; whole rows after them stay. */
    @Test
    void linesWithNulBytesAreCutOut() throws IOException {
        Path file =
                Files.writeString(folder.resolve("nul.jsonl"), "{\"a\":1}\n{\"a\":2\0\0\0\0\n{\"a\":3}\n\0\0\0\0\0\0");
        assertEquals(2, JsonlLog.recover(file).size());
        assertEquals("{\"a\":1}\n{\"a\":3}\n", Files.readString(file));
    }

    /** Whatever bit is flipped, all other rows stay, and the log goes on; a line end that is flipped costs two rows. */
    @Test
    void aDamagedRowOfALogThatNoResultDependsOnIsRemoved() throws IOException {
        Path file = folder.resolve("rollouts.jsonl");
        for (int step = 0; step < 3; step++) {
            append(file, Map.of("step", step));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < whole.length * 8; bit += 5) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            List<Long> left = steps(JsonlLog.salvage(file));
            assertTrue(left.size() >= (whole[bit / 8] == '\n' ? 1 : 2), "bit " + bit + " left " + left);
            assertTrue(List.of(0L, 1L, 2L).containsAll(left), left.toString());
            append(file, Map.of("step", 3));
            assertEquals(left.size() + 1, Jsonl.read(file).size());
        }
    }

    private static List<Long> steps(List<Jsonl.Row> rows) {
        return rows.stream().map(row -> row.node().path("step").asLong(-1)).toList();
    }

    @Test
    void aLogThatIsRemovedDuringTheRunIsAnError() throws IOException {
        Path file = folder.resolve("removed.jsonl");
        try (JsonlLog log = JsonlLog.open(file)) {
            log.append(Map.of("a", 1));
            Files.delete(file);
            String message = assertThrows(OutputException.class, () -> log.append(Map.of("a", 2)))
                    .getMessage();
            assertTrue(message.contains(file + ": IO (it was removed during the run)"), message);
        }
    }

    private static void append(Path file, Map<String, ?> row) {
        try (JsonlLog log = JsonlLog.open(file)) {
            log.append(row);
        }
    }
}
