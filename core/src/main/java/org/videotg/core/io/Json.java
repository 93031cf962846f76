package org.videotg.core.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/** The project's one JSON mapper: strict on duplicate keys and trailing text, unknown fields of records are ignored. */
public final class Json {
    public static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limit.DEPTH.intValue())
                            .maxStringLength(Limit.TEXT_CHARACTERS.intValue())
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private Json() {}

    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value.getClass(), e);
        }
    }

    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value.getClass(), e);
        }
    }

    public static JsonNode parse(String text, String where) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InputException(where + ": not valid JSON (" + problem(e) + ")", e);
        }
    }

    /**
     * Reads a file that holds one JSON object, as all that this program and model folders have do.
     *
     * @throws InputException if it holds anything else, such as nothing
     */
    public static ObjectNode read(Path file) {
        String text = AtomicFiles.readString(file);
        if (text.replace('\0', ' ').isBlank()) {
            throw new InputException(file + " is empty, as a power failure or a full disk leaves a file; "
                    + "restore it, or remove it and make it again");
        }
        if (parse(text, file.toString()) instanceof ObjectNode object) {
            return object;
        }
        throw new InputException(file + ": must hold a JSON object in braces; it is another kind of file, or damaged:"
                + " restore it, or remove it and make it again");
    }

    public static <T> T read(Path file, Class<T> type) {
        return convert(read(file), type, file.toString());
    }

    public static <T> T convert(JsonNode node, Class<T> type, String where) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InputException(where + ": " + problem(e), e);
        }
    }

    /** The first line of what went wrong, without the mapper's own places in the source. */
    static String problem(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String first = reason(root);
        if (e instanceof JsonProcessingException json
                && json.getLocation() != null
                && json.getLocation().getLineNr() > 0) {
            first += ", line " + json.getLocation().getLineNr() + " column "
                    + json.getLocation().getColumnNr();
        }
        return first;
    }

    /** What a parser says of broken JSON, without advice about its settings and places in its own words. */
    public static String reason(Throwable e) {
        if (e instanceof NullPointerException
                && (e.getMessage() == null || e.getMessage().startsWith("Cannot "))) {
            return "a field is missing or null";
        }
        if (e instanceof StreamConstraintsException constraint) {
            String exceeded = constraint.getOriginalMessage();
            if (exceeded.contains("nesting")) {
                return Limit.DEPTH.excess();
            } else if (exceeded.startsWith("String")) {
                return Limit.TEXT_CHARACTERS.excess();
            }
        }
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst(" \\(start marker at .*|: enable `.*| for `ObjectNode`: not allowed .*", "")
                        .replaceFirst(", from `[^`]*`", "");
    }
}
