package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * The rows of a file of JSON, csv, text or Parquet, before its format is known.
 *
 * @param file name of the file, for messages
 * @param shape what the rows are
 * @param rows those that are whole
 * @param bad those that are not JSON, or repeat a key
 * @param escapes whether the text has escapes of surrogates, of which a row may hold a lone one
 */
public record FileRows(String file, Shape shape, List<FileRow> rows, List<BadRow> bad, boolean escapes) {
    /** Reads a value out of a list, where others follow. */
    private static final ObjectReader ONE_VALUE = Json.MAPPER
            .reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final ObjectReader CSV = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);
    private static final int LOOKED_AT = 20;

    /**
     * A row that could not be read and is left out.
     *
     * @param where file and line, and the row's key where there is one
     * @param problem what is wrong with it
     */
    public record BadRow(String where, String problem) {
        @Override
        public String toString() {
            return where + ": " + problem;
        }
    }

    /** What the rows of a file are. */
    public enum Shape {
        /** Lines of text. */
        LINES("lines of text"),
        /** Rows of a csv under a header, as JSON objects of texts. */
        TABLE("a csv with a header"),
        /** JSON objects, one a line or in one list. */
        RECORDS("JSON objects, one a line or in a list"),
        /** The entries of one JSON object. */
        KEYED("the entries of one JSON object, keyed by video");

        private final String title;

        Shape(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    public FileRows {
        rows = List.copyOf(rows);
        bad = List.copyOf(bad);
    }

    private FileRows(String file, Shape shape, List<FileRow> rows, List<BadRow> bad) {
        this(file, shape, rows, bad, false);
    }

    /**
     * Reads a file: Parquet, recognised by its first bytes, or UTF-8 text. A text file is a csv if its first line has a comma and none of the first lines is one of
     * Charades-STA.
     *
     * @throws InputException if a JSON list or object breaks off, since the rows behind the break can't be told apart;
     *     if a row of a csv has another number of fields than its header, or a quote is not closed
     */
    public static FileRows read(Path path) {
        if (ParquetRows.isParquet(path)) {
            return ParquetRows.read(path);
        }
        String file = path.toString();
        String text = AtomicFiles.readString(path);
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String start = plain.stripLeading();
        if (start.startsWith("[")) {
            return whole(plain, file, Shape.RECORDS);
        }
        if (!start.startsWith("{")) {
            String header = start.lines().findFirst().orElse("");
            boolean table = header.contains(",")
                    && header.indexOf('\0') < 0
                    && start.lines().limit(LOOKED_AT).noneMatch(line -> line.contains(CharadesStaFormat.SEPARATOR));
            return table ? table(plain, file) : lines(plain, file);
        }
        long objects =
                plain.lines().filter(line -> line.startsWith("{")).limit(2).count();
        if (objects > 1) {
            return records(plain, file);
        }
        FileRows entries = whole(plain, file, Shape.KEYED);
        boolean keyed = entries.rows().stream().allMatch(row -> row.node().isObject());
        return keyed
                ? entries
                : new FileRows(file, Shape.RECORDS, List.of(single(entries)), entries.bad(), entries.escapes());
    }

    /** The rows whose text UTF-8 can encode; the others are added to the bad ones. */
    List<FileRow> withoutHalfCharacters(List<BadRow> others) {
        return escapes ? rows.stream().filter(row -> isWhole(row, others)).toList() : rows;
    }

    private static boolean isWhole(FileRow row, List<BadRow> others) {
        // The parser refuses lone surrogates in names.
        if (StandardCharsets.UTF_8.newEncoder().canEncode(row.node().toString())) {
            return true;
        }
        others.add(new BadRow(
                row.where(),
                "text holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no character; write both halves, "
                        + "or neither"));
        return false;
    }

    /** One object whose entries are fields, not rows. */
    private static FileRow single(FileRows entries) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        entries.rows().forEach(row -> node.set(row.key(), row.node()));
        return new FileRow(entries.file() + ":1", null, node, null);
    }

    private static FileRows lines(String text, String file) {
        List<FileRow> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                rows.add(new FileRow(file + ":" + number, null, null, line.strip()));
            }
        }
        return new FileRows(file, Shape.LINES, rows, List.of());
    }

    private static FileRows table(String text, String file) {
        List<FileRow> rows = new ArrayList<>();
        String[] header = null;
        int line = 1;
        try (MappingIterator<String[]> records = CSV.readValues(text)) {
            while (records.hasNextValue()) {
                String[] fields = records.nextValue();
                String where = file + ":" + line;
                line = records.getCurrentLocation().getLineNr();
                if (header == null) {
                    header = fields;
                    continue;
                }
                if (fields.length != header.length) {
                    throw new InputException(
                            where + ": " + fields.length + " fields where the header names " + header.length);
                }
                ObjectNode node = Json.MAPPER.createObjectNode();
                for (int i = 0; i < fields.length; i++) {
                    node.put(header[i].strip(), fields[i]);
                }
                rows.add(new FileRow(where, null, node, null));
            }
        } catch (JsonProcessingException e) {
            throw new InputException(file + ":" + line + ": not valid csv (" + Json.reason(e) + ")", e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        return new FileRows(file, Shape.TABLE, rows, List.of());
    }

    private static FileRows records(String text, String file) {
        List<FileRow> rows = new ArrayList<>();
        List<BadRow> bad = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String where = file + ":" + number;
            try (JsonParser parser = parser(line)) {
                JsonNode node = ONE_VALUE.readTree(parser);
                if (!node.isObject() || parser.nextToken() != null) {
                    bad.add(new BadRow(where, "a row must be one JSON object"));
                } else {
                    rows.add(new FileRow(where, null, node, null));
                }
            } catch (IOException e) {
                bad.add(new BadRow(where, "not valid JSON (" + Json.reason(e) + ")"));
            }
        }
        return new FileRows(file, Shape.RECORDS, rows, bad, escapesSurrogates(text));
    }

    private static FileRows whole(String text, String file, Shape shape) {
        List<FileRow> rows = new ArrayList<>();
        List<BadRow> bad = new ArrayList<>();
        Map<String, Integer> keys = new HashMap<>();
        int line = 1;
        try (JsonParser parser = parser(text)) {
            parser.nextToken();
            int number = 0;
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT;
                    token = parser.nextToken()) {
                number++;
                line = parser.currentTokenLocation().getLineNr();
                String key = shape == Shape.KEYED ? parser.currentName() : null;
                String where = file + ":" + line + (key == null ? ": row " + number : ": \"" + key + "\"");
                if (key != null) {
                    parser.nextToken();
                }
                JsonNode node;
                try {
                    node = ONE_VALUE.readTree(parser);
                } catch (MismatchedInputException e) {
                    bad.add(new BadRow(where, "not valid JSON (" + Json.reason(e) + ")"));
                    leaveRow(parser);
                    continue;
                }
                Integer earlier = key == null ? null : keys.putIfAbsent(key, line);
                if (earlier != null) {
                    bad.add(new BadRow(where, "this key occurs already in line " + earlier));
                } else if (key == null && !node.isObject()) {
                    bad.add(new BadRow(where, "a row must be a JSON object, not " + FileRow.shown(node)));
                } else {
                    rows.add(new FileRow(where, key, node, null));
                }
            }
            if (parser.nextToken() != null) {
                throw new InputException(file + ": text follows the end of the JSON; give one list or object");
            }
        } catch (JsonProcessingException e) {
            // Where a value is too deep or too long for the parser, it names no place; the row's first line is near.
            throw new InputException(
                    file + ":"
                            + (e.getLocation() == null ? line : e.getLocation().getLineNr()) + ": not valid JSON ("
                            + Json.reason(e) + "); what follows can't be read",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        return new FileRows(file, shape, rows, bad, escapesSurrogates(text));
    }

    /** Skips the rest of a row that can't be read. */
    private static void leaveRow(JsonParser parser) throws IOException {
        while (parser.getParsingContext().getNestingDepth() > 1) {
            parser.nextToken();
        }
    }

    /** In UTF-8 only an escape can hold half of a surrogate pair. */
    private static boolean escapesSurrogates(String text) {
        return text.contains("\\ud") || text.contains("\\uD");
    }

    /** Accepts NaN and Infinity, which Python writes and the row's reader refuses; repeated keys are found above. */
    private static JsonParser parser(String text) throws IOException {
        JsonParser parser = Json.MAPPER.createParser(text);
        parser.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());
        parser.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        return parser;
    }
}
