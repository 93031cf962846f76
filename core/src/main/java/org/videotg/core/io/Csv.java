package org.videotg.core.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Comma-separated values (RFC 4180) with a header; fields with commas, quotes or line ends are quoted. */
public final class Csv {
    private Csv() {}

    /**
     * A row by column.
     *
     * @param where file and line where it begins, for messages
     */
    public record Row(String where, Map<String, String> values) {
        public boolean has(String column) {
            return values.containsKey(column);
        }

        /** The field of that column, or null. */
        public String get(String column) {
            return values.get(column);
        }
    }

    /**
     * Every row under the header; blank lines are none.
     *
     * @param columns that the header must name
     * @throws InputException if a column is missing, or naming the line of a row with another number of fields or an
     * open quote
     */
    public static List<Row> read(String text, String file, String... columns) {
        List<Row> rows = new ArrayList<>();
        List<String> header = null;
        int at = 0;
        int line = 1;
        while (at < text.length()) {
            List<String> fields = new ArrayList<>();
            int begin = at;
            String where = file + ":" + line;
            at = row(text, at, fields, where);
            boolean blank = fields.size() == 1 && fields.get(0).isBlank();
            if (header == null && !blank) {
                header = fields.stream().map(String::strip).toList();
            } else if (!blank) {
                rows.add(new Row(where, values(header, fields, where)));
            }
            line += (int)
                    text.substring(begin, at).chars().filter(c -> c == '\n').count();
        }
        for (String column : columns) {
            if (header == null || !header.contains(column)) {
                throw new InputException(
                        file + ": column \"" + column + "\" is missing; it needs " + String.join(", ", columns));
            }
        }
        return rows;
    }

    private static Map<String, String> values(List<String> header, List<String> fields, String where) {
        if (fields.size() != header.size()) {
            throw new InputException(where + ": " + fields.size() + " fields where the header names " + header.size());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            values.put(header.get(i), fields.get(i));
        }
        return values;
    }

    /** Reads one row into {@code fields}; where the next one begins. */
    private static int row(String text, int from, List<String> fields, String where) {
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
            } else if (c == '"' && field.isEmpty()) {
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
            throw new InputException(where + ": a double quote is never closed");
        }
        fields.add(field.toString());
        return text.length();
    }
}
