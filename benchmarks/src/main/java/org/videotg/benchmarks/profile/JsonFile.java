package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/**
 * A file of JSON in whichever layout it has.
 *
 * @param rows of a list, or of one object a line; null for one object
 * @param object the one object; null for rows
 */
record JsonFile(List<Jsonl.Row> rows, JsonNode object) {
    /**
     * Reads a list, JSON lines, or one object. A file of a single line is one object.
     *
     * @throws InputException naming file and place of what is not JSON, or no object
     */
    static JsonFile read(String text, String file) {
        String start = text.stripLeading();
        if (start.isEmpty()) {
            throw new InputException(file + ": holds no row; give a file that does");
        }
        if (start.startsWith("[")) {
            List<Jsonl.Row> rows = new ArrayList<>();
            for (JsonNode node : Json.parse(text, file)) {
                rows.add(row(node, file + ": row " + rows.size()));
            }
            return new JsonFile(List.copyOf(rows), null);
        }
        List<String> lines = text.lines().toList();
        long filled = lines.stream().filter(line -> !line.isBlank()).limit(2).count();
        if (filled == 1 || !start.lines().findFirst().orElse("").stripTrailing().endsWith("}")) {
            return new JsonFile(null, row(Json.parse(text, file), file).node());
        }
        List<Jsonl.Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String where = file + ":" + (i + 1);
                rows.add(row(Json.parse(lines.get(i), where), where));
            }
        }
        return new JsonFile(List.copyOf(rows), null);
    }

    private static Jsonl.Row row(JsonNode node, String where) {
        if (!node.isObject()) {
            throw new InputException(where + ": a row must be a JSON object, found " + node.getNodeType());
        }
        return new Jsonl.Row(node, where);
    }
}
