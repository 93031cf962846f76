package org.videotg.core.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : AtomicFiles.readString(file).split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String where = file + ":" + number;
            Limit.ROW_CHARACTERS.check(line.length(), where);
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
}
