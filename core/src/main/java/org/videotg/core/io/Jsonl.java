package org.videotg.core.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files of one JSON object a line. */
public final class Jsonl {
    private Jsonl() {}

    /** A row with its place, {@code file:line}, for error messages. */
    public record Row(JsonNode node, String where) {}

    /**
     * All rows; blank lines are passed over.
     *
     * @throws InputException naming file and line of the first row that is not a JSON object
     */
    public static List<Row> read(Path file) {
        return rows(file, AtomicFiles.readString(file));
    }

    private static List<Row> rows(Path file, String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String where = file + ":" + number;
            JsonNode node = Json.parse(line, where);
            if (!node.isObject()) {
                throw new InputException(where + ": a row must be a JSON object, found " + node.getNodeType());
            }
            rows.add(new Row(node, where));
        }
        return rows;
    }

    /** Writes all rows, or leaves what was there. */
    public static void write(Path file, Iterable<?> rows) {
        AtomicFiles.write(file, temporary -> {
            try (var out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (Object row : rows) {
                    out.write(Json.line(row));
                    out.write('\n');
                }
            }
        });
    }

    /**
     * The rows of a file that a run appends to. A last line without its line end gets one if it is whole; else it is
     * what a stopped run left, and it is cut off the file. Either way the next row starts on a line of its own.
     */
    public static List<Row> recover(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] bytes = AtomicFiles.readBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            byte[] kept = Arrays.copyOf(bytes, isObject(bytes, end) ? bytes.length + 1 : end);
            if (kept.length > bytes.length) {
                kept[bytes.length] = '\n';
            }
            AtomicFiles.write(file, temporary -> Files.write(temporary, kept));
        }
        return read(file);
    }

    private static boolean isObject(byte[] bytes, int from) {
        try {
            return Json.MAPPER.readTree(bytes, from, bytes.length - from).isObject();
        } catch (IOException e) {
            return false;
        }
    }

    /** Appends one row in one write. */
    public static void append(Path file, Object row) {
        ByteBuffer bytes = ByteBuffer.wrap((Json.line(row) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            throw new OutputException(
                    "can't append to " + file + ": " + AtomicFiles.reason(e) + "; check the folder and free space", e);
        }
    }
}
