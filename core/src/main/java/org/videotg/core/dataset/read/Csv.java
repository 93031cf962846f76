package org.videotg.core.dataset.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.error.InputException;
import org.videotg.core.io.AtomicFiles;

/** Comma-separated values as RFC 4180 has them: a header, fields in double quotes where they hold commas, quotes or line ends. */
final class Csv {
    private Csv() {}

    /**
     * A row by column.
     *
     * @param line where it begins
     */
    record Record(int line, Map<String, String> values) {}

    /**
     * @throws InputException if a column is missing, or naming the line of a row with another number of fields or an open quote
     */
    static List<Record> read(Path file, List<String> columns) {
        String text = AtomicFiles.readString(file);
        List<Record> records = new ArrayList<>();
        List<String> header = null;
        int at = text.startsWith("\uFEFF") ? 1 : 0;
        int line = 1;
        while (at < text.length()) {
            List<String> fields = new ArrayList<>();
            int begin = at;
            at = row(text, at, fields, file, line);
            if (header == null) {
                header = fields;
                require(header, columns, file);
            } else if (fields.size() == header.size()) {
                Map<String, String> values = new LinkedHashMap<>();
                for (int i = 0; i < fields.size(); i++) {
                    values.put(header.get(i), fields.get(i));
                }
                records.add(new Record(line, values));
            } else if (fields.size() > 1 || !fields.get(0).isBlank()) {
                throw new InputException(file + ":" + line + ": " + fields.size() + " fields where the header names "
                        + header.size());
            }
            line += (int) text.substring(begin, at).chars().filter(c -> c == '\n').count();
        }
        if (header == null) {
            throw new InputException(file + " is empty; it needs the columns " + String.join(", ", columns));
        }
        return records;
    }

    private static void require(List<String> header, List<String> columns, Path file) {
        for (String column : columns) {
            if (!header.contains(column)) {
                throw new InputException(file + ": column \"" + column + "\" is missing; it needs " + String.join(", ", columns));
            }
        }
    }

    /** Reads one row into {@code fields}; where the next one begins. */
    private static int row(String text, int from, List<String> fields, Path file, int line) {
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                    field.append(text.charAt(at++));
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else if (c == '\n') {
                fields.add(field.toString());
                return at + 1;
            } else if (c != '\r') {
                field.append(c);
            }
        }
        if (quoted) {
            throw new InputException(file + ":" + line + ": a double quote is never closed");
        }
        fields.add(field.toString());
        return text.length();
    }
}
