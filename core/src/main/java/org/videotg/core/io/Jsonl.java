package org.videotg.core.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** Files of one JSON object a line. */
public final class Jsonl {
    private static final String CHECKSUM = "rowCrc32c";
    private static final String CHECKSUM_FIELD = ",\"" + CHECKSUM + "\":\"";

    private Jsonl() {}

    /** A row with its place, {@code file:line}, for error messages. */
    public record Row(JsonNode node, String where) {}

    /**
     * All rows; blank lines are passed over.
     *
     * @throws InputException naming file and line of the first row that is not a JSON object, or does not have the
     *     checksum that {@link JsonlLog} has given it
     */
    public static List<Row> read(Path file) {
        List<Row> rows = new ArrayList<>();
        forEach(file, rows::add);
        return rows;
    }

    /**
     * Gives each row to a consumer as it is read, and keeps none: for files that may be large.
     *
     * @throws InputException as {@link #read}, after the rows before the bad one were given
     */
    public static void forEach(Path file, Consumer<Row> rows) {
        AtomicFiles.readLines(file, Limit.ROW_CHARACTERS, (line, number) -> {
            if (!line.isBlank()) {
                rows.accept(parse(line, file + ":" + number));
            }
        });
    }

    /**
     * The row of one line.
     *
     * @param where the line's place, for error messages
     * @throws InputException if it is not a JSON object, or does not have the checksum that it states
     */
    public static Row parse(String line, String where) {
        Limit.ROW_CHARACTERS.check(line.length(), where);
        JsonNode node = Json.parse(line, where);
        if (!node.isObject()) {
            throw new InputException(where + ": a row must be a JSON object, found " + node.getNodeType());
        }
        check(line, where);
        ((ObjectNode) node).remove(CHECKSUM);
        return new Row(node, where);
    }

    private static void check(String line, String where) {
        int end = line.length() - CHECKSUM_FIELD.length() - 8 - 2;
        if (end > 0
                && line.startsWith(CHECKSUM_FIELD, end)
                && line.endsWith("\"}")
                && !line.equals(checked(line.substring(0, end)))) {
            throw new InputException(where + ": the row is damaged: its \"" + CHECKSUM
                    + "\" does not match; restore it, or remove that field if the row was changed on purpose");
        }
    }

    /** Returns a row with a checksum of its text as the last field, which {@link #read} checks and leaves out. */
    public static String checkedLine(Object row) {
        String line = Json.line(row);
        return line.length() <= 2 ? line : checked(line.substring(0, line.length() - 1));
    }

    private static String checked(String open) {
        CRC32C checksum = new CRC32C();
        checksum.update(open.getBytes(StandardCharsets.UTF_8));
        return open + CHECKSUM_FIELD + Checksums.hex(checksum) + "\"}";
    }

    /** Writes all rows, or leaves what was there. */
    public static void write(Path file, Iterable<?> rows) {
        write(file, rows, Json::line);
    }

    static void write(Path file, Iterable<?> rows, Function<Object, String> lines) {
        AtomicFiles.write(file, temporary -> {
            try (var out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (Object row : rows) {
                    out.write(lines.apply(row));
                    out.write('\n');
                }
            }
        });
    }
}
