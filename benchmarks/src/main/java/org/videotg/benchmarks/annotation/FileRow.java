package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Samples;

/**
 * One line, one element of a list, or one entry of an object, with typed access to its fields; a broken field throws
 * {@link Problem}.
 *
 * @param where file and line, and the number or key of the row
 * @param key of the entry, or null
 * @param node the JSON, or null for a line of text
 * @param text the line, or null
 */
public record FileRow(String where, String key, JsonNode node, String text) {
    /** What is wrong with a row; the reader of the file adds the place. */
    public static final class Problem extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Problem(String message) {
            super(message, null, false, false);
        }
    }

    boolean has(String... fields) {
        for (String field : fields) {
            if (node == null || !node.has(field)) {
                return false;
            }
        }
        return true;
    }

    /** Text that is not blank, without white space around it; numbers count as text. */
    String words(String field) {
        JsonNode value = node.path(field);
        return words(value, "\"" + field + "\"");
    }

    static String words(JsonNode value, String what) {
        if ((!value.isTextual() && !value.isNumber()) || value.asText().isBlank()) {
            throw new Problem(what + " must be text, not " + shown(value));
        }
        return value.asText().strip();
    }

    /** The field's text, or null if it is missing or blank. */
    String wordsOrNull(String field) {
        return node.hasNonNull(field) && !node.path(field).asText().isBlank() ? words(field) : null;
    }

    /** A positive number of seconds; empty if the field is missing or null. */
    OptionalDouble duration(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalDouble.empty();
        }
        double seconds = number(value, "\"" + field + "\"");
        if (!(seconds > 0)) {
            throw new Problem("\"" + field + "\" must be a positive number of seconds, not " + shown(value));
        }
        return OptionalDouble.of(seconds);
    }

    /** A positive number that must be there. */
    double positive(String field) {
        return duration(field).orElseThrow(() -> new Problem("\"" + field + "\" is missing"));
    }

    /** The part of the video between two fields in seconds, of which either may be null or missing. */
    Clip clip(String start, String end) {
        try {
            return Clip.of(bound(start), bound(end));
        } catch (IllegalArgumentException e) {
            throw new Problem("\"" + start + "\" and \"" + end + "\": " + e.getMessage());
        }
    }

    private OptionalDouble bound(String field) {
        return node.hasNonNull(field)
                ? OptionalDouble.of(number(node.path(field), "\"" + field + "\""))
                : OptionalDouble.empty();
    }

    static double number(JsonNode value, String what) {
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw new Problem(what + " must be a number, not " + shown(value));
        }
        return value.asDouble();
    }

    /** A pair of numbers, each divided by {@code unit}. */
    static Interval interval(JsonNode pair, double unit, String what) {
        if (!pair.isArray() || pair.size() != 2) {
            throw new Problem(what + " must be a pair [start, end], not " + shown(pair));
        }
        return new Interval(number(pair.get(0), what) / unit, number(pair.get(1), what) / unit);
    }

    /** A pair, or a list of pairs; a pair is one interval. */
    static List<Interval> intervals(JsonNode value, String what) {
        if (value.isArray() && value.size() == 2 && value.get(0).isNumber()) {
            return List.of(interval(value, 1, what));
        }
        if (!value.isArray()) {
            throw new Problem(what + " must be a list of pairs [start, end], not " + shown(value));
        }
        List<Interval> intervals = new ArrayList<>();
        value.forEach(pair -> intervals.add(interval(pair, 1, what)));
        return intervals;
    }

    List<Interval> intervals(String field) {
        return intervals(node.path(field), "\"" + field + "\"");
    }

    List<String> options(String field) {
        JsonNode value = node.path(field);
        List<String> options = new ArrayList<>();
        value.forEach(option -> options.add(option.asText().strip()));
        if (!value.isArray() || options.size() < 2 || options.size() > 26) {
            throw new Problem("\"" + field + "\" must be a list of 2 to 26 texts, not " + shown(value));
        }
        return options;
    }

    /** The letter of an option, upper case, without parentheses; null if the field is missing or blank. */
    String letter(String field, int options) {
        String given = wordsOrNull(field);
        if (given == null) {
            return null;
        }
        String letter = given.replaceAll("^\\(|[).]$", "").strip().toUpperCase(Locale.ROOT);
        if (letter.length() != 1 || letter.charAt(0) < 'A' || letter.charAt(0) >= 'A' + options) {
            throw new Problem("\"" + field + "\" must be the letter of one of the " + options + " options, not \""
                    + given + "\"");
        }
        return letter;
    }

    /**
     * The fields that a format does not use itself; one that has the name of a sample's field is kept as {@code
     * original_NAME}.
     */
    Map<String, JsonNode> rest(Set<String> used) {
        Map<String, JsonNode> rest = new LinkedHashMap<>();
        node.properties().forEach(field -> {
            String name = field.getKey();
            if (!used.contains(name)) {
                rest.put(Samples.KNOWN.contains(name) ? "original_" + name : name, field.getValue());
            }
        });
        return rest;
    }

    /** A value for messages, cut after 80 characters. */
    static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
