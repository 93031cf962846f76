package org.videotg.training.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;

/**
 * One mapping of a recipe, read key by key. Every error names file and key; {@link #done} reports keys that nobody asked for
 * together with those that are known.
 */
final class Section {
    private final String file;
    private final String prefix;
    private final ObjectNode node;
    private final TreeSet<String> known = new TreeSet<>();

    Section(String file, String prefix, ObjectNode node) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
    }

    String text(String key) {
        return value(key)
                .map(value -> {
                    if (!value.isValueNode()) {
                        throw wrong(key, "text", value);
                    }
                    return value.asText();
                })
                .orElseThrow(() -> new InputException(file + ": \"" + prefix + key + "\" is missing"));
    }

    String text(String key, String fallback) {
        return has(key) ? text(key) : fallback;
    }

    Path path(String key) {
        String text = text(key);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InputException(file + ": \"" + prefix + key + "\" is not a path: " + text, e);
        }
    }

    Optional<Path> optionalPath(String key) {
        return has(key) ? Optional.of(path(key)) : Optional.empty();
    }

    int integer(String key, int fallback, int least) {
        return (int) whole(key, fallback, least, Integer.MAX_VALUE);
    }

    long whole(String key, long fallback, long least, long most) {
        long number = value(key)
                .map(value -> {
                    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                        throw wrong(key, "a whole number", value);
                    }
                    return value.longValue();
                })
                .orElse(fallback);
        if (number < least || number > most) {
            throw new InputException(file + ": \"" + prefix + key + "\" must be at least " + least
                    + (most == Integer.MAX_VALUE || most == Long.MAX_VALUE ? "" : " and at most " + most) + ", not "
                    + number);
        }
        return number;
    }

    double number(String key, double fallback) {
        return value(key)
                .map(value -> {
                    if (!value.isNumber()) {
                        throw wrong(key, "a number", value);
                    }
                    return value.doubleValue();
                })
                .orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return value(key)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrong(key, "true or false", value);
                    }
                    return value.booleanValue();
                })
                .orElse(fallback);
    }

    /** One of several values by their label. */
    <T> T choice(String key, T fallback, T[] all, Function<T, String> label) {
        if (!has(key)) {
            return fallback;
        }
        String text = text(key);
        return Arrays.stream(all)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new InputException(file + ": \"" + prefix + key + "\": unknown value \"" + text
                        + "\"; known: " + Arrays.stream(all).map(label).collect(Collectors.joining(", "))));
    }

    /** A mapping below this one; an empty one if the key is missing. */
    Section section(String key) {
        return new Section(
                file,
                prefix + key + ".",
                value(key)
                        .map(value -> {
                            if (!value.isObject()) {
                                throw wrong(key, "a mapping of keys to values", value);
                            }
                            return (ObjectNode) value;
                        })
                        .orElseGet(() -> node.objectNode()));
    }

    /** Numbers by name, any names. */
    Optional<Map<String, Double>> numbers(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        Section section = section(key);
        Map<String, Double> numbers = new LinkedHashMap<>();
        section.node.fieldNames().forEachRemaining(name -> numbers.put(name, section.number(name, 0)));
        return Optional.of(numbers);
    }

    /** Values by name as they are written, any names. */
    Optional<Map<String, String>> texts(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        Section section = section(key);
        Map<String, String> texts = new LinkedHashMap<>();
        section.node.fieldNames().forEachRemaining(name -> texts.put(name, section.text(name)));
        return Optional.of(texts);
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    /** Makes a value that checks itself; its complaint gets the file's name. */
    <T> T check(Supplier<T> make) {
        try {
            return make.get();
        } catch (InputException e) {
            if (e.getMessage().startsWith(file)) {
                throw e;
            }
            throw new InputException(
                    file + ": " + (prefix.isEmpty() ? "" : "in \"" + prefix.substring(0, prefix.length() - 1) + "\": ")
                            + e.getMessage(),
                    e);
        }
    }

    InputException error(String message) {
        return new InputException(file + ": " + message);
    }

    /** Called when everything was asked for. */
    void done() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new InputException(file + ": unknown key \"" + prefix + key + "\"; known"
                        + (prefix.isEmpty() ? "" : " in \"" + prefix.substring(0, prefix.length() - 1) + "\"") + ": "
                        + String.join(", ", known));
            }
        });
    }

    /** Whatever stands there. */
    Optional<JsonNode> value(String key) {
        known.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private InputException wrong(String key, String expected, JsonNode value) {
        return new InputException(file + ": \"" + prefix + key + "\" must be " + expected + ", not " + value);
    }
}
