package org.videotg.core.metric.profile.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.error.InputException;

/** Comma separated values with a header (RFC 4180): cells in quotes may hold commas, line ends and doubled quotes. */
final class Csv {
    private Csv() {}

    /** A row by the header's names, and its place for messages. */
    record Row(Map<String, String> cells, String where) {
        boolean has(String name) {
            return cells.containsKey(name);
        }

        String get(String name) {
            return cells.get(name);
        }
    }

    /**
     * Every row under the header.
     *
     * @throws InputException naming file and row of the first that has not as many cells as the header
     */
    static List<Row> read(String text, String file) {
        List<List<String>> lines = lines(text, file);
        List<Row> rows = new ArrayList<>();
        List<String> header = lines.isEmpty() ? List.of() : lines.get(0);
        for (int i = 1; i < lines.size(); i++) {
            List<String> line = lines.get(i);
            String where = file + ": row " + i;
            if (line.size() != header.size()) {
                throw new InputException(where + " has " + line.size() + " cells, the header " + header.size());
            }
            Map<String, String> cells = new LinkedHashMap<>();
            for (int c = 0; c < header.size(); c++) {
                cells.put(header.get(c).strip(), line.get(c));
            }
            rows.add(new Row(cells, where));
        }
        return rows;
    }

    private static List<List<String>> lines(String text, String file) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            boolean end = i == text.length();
            if (quoted && !end) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (quoted) {
                throw new InputException(file + ": row " + lines.size() + " has a quote that is never closed");
            } else if (c == '"' && cell.length() == 0) {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                line.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    if (line.size() > 1 || !line.get(0).isBlank()) {
                        lines.add(line);
                    }
                    line = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return lines;
    }
}
