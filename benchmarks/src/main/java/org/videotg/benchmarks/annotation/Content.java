package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * A file as rows, before its format is known.
 *
 * @param shape what the rows are
 * @param rows those that are whole
 * @param bad those that are no JSON, or repeat a key
 */
record Content(Shape shape, List<Row> rows, List<BadRow> bad) {
    /** Reads a value out of a list, where others follow. */
    private static final ObjectReader ONE_VALUE = Json.MAPPER
            .reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final String HALF_CHARACTER =
            "text holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no "
                    + "character; write both halves, or neither";

    /** What the rows of a file are. */
    enum Shape {
        /** Lines of text. */
        LINES("lines of text"),
        /** JSON objects, one a line or in one list. */
        RECORDS("JSON objects, one a line or in a list"),
        /** The entries of one JSON object. */
        KEYED("the entries of one JSON object, keyed by video");

        private final String words;

        Shape(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    Content {
        rows = List.copyOf(rows);
        bad = List.copyOf(bad);
    }

    /**
     * @param file its name, for messages
     * @throws InputException if a JSON list or object breaks off: the rows behind the break can't be told apart
     */
    static Content of(String text, String file) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String start = plain.stripLeading();
        if (start.startsWith("[")) {
            return whole(plain, file, Shape.RECORDS);
        }
        if (!start.startsWith("{")) {
            return lines(plain, file);
        }
        long objects =
                plain.lines().filter(line -> line.startsWith("{")).limit(2).count();
        if (objects > 1) {
            return records(plain, file);
        }
        Content entries = whole(plain, file, Shape.KEYED);
        boolean keyed = entries.rows().stream().allMatch(row -> row.node().isObject());
        return keyed ? entries : new Content(Shape.RECORDS, List.of(single(entries, file)), entries.bad());
    }

    /** One object whose entries are fields, not rows. */
    private static Row single(Content entries, String file) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        entries.rows().forEach(row -> node.set(row.key(), row.node()));
        return new Row(file + ":1", null, node, null);
    }

    private static Content lines(String text, String file) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                rows.add(new Row(file + ":" + number, null, null, line.strip()));
            }
        }
        return new Content(Shape.LINES, rows, List.of());
    }

    private static Content records(String text, String file) {
        List<Row> rows = new ArrayList<>();
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
                } else if (escapesSurrogates(line) && halfCharacter(node)) {
                    bad.add(new BadRow(where, HALF_CHARACTER));
                } else {
                    rows.add(new Row(where, null, node, null));
                }
            } catch (IOException e) {
                bad.add(new BadRow(where, "not valid JSON (" + Json.reason(e) + ")"));
            }
        }
        return new Content(Shape.RECORDS, rows, bad);
    }

    private static Content whole(String text, String file, Shape shape) {
        List<Row> rows = new ArrayList<>();
        List<BadRow> bad = new ArrayList<>();
        Map<String, Integer> keys = new HashMap<>();
        boolean escapes = escapesSurrogates(text);
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
                    bad.add(new BadRow(where, "this key stands already in line " + earlier));
                } else if (key == null && !node.isObject()) {
                    bad.add(new BadRow(where, "a row must be a JSON object, not " + Row.shown(node)));
                } else if (escapes && halfCharacter(node)) {
                    bad.add(new BadRow(where, HALF_CHARACTER));
                } else {
                    rows.add(new Row(where, key, node, null));
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
        return new Content(shape, rows, bad);
    }

    /** Moves behind a row in whose midst the reading stopped. */
    private static void leaveRow(JsonParser parser) throws IOException {
        while (parser.getParsingContext().getNestingDepth() > 1) {
            parser.nextToken();
        }
    }

    /** Only an escape can say half of a surrogate pair in UTF-8. */
    private static boolean escapesSurrogates(String text) {
        return text.contains("\\ud") || text.contains("\\uD");
    }

    /** Whether a text of a row holds a lone surrogate. The parser refuses them in names. */
    private static boolean halfCharacter(JsonNode node) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(node.toString());
    }

    /** Python writes NaN and Infinity, which are for the row's reader to refuse; repeated keys are found above. */
    private static JsonParser parser(String text) throws IOException {
        JsonParser parser = Json.MAPPER.createParser(text);
        parser.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());
        parser.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        return parser;
    }
}
