package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;

/** Values of rows as the projects write them. */
final class Values {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?+(?:e-?[0-9]++)?+");
    private static final int LETTERS = 26;

    private Values() {}

    /**
     * A pair, or a list of pairs, of seconds; further numbers of a pair are its score. Pairs of null say "could not be parsed".
     */
    static List<Span> spans(JsonNode node, String where) {
        List<Span> spans = new ArrayList<>();
        if (node.isArray() && !node.isEmpty() && !node.get(0).isArray()) {
            add(spans, node, where);
        } else if (node.isArray()) {
            node.forEach(pair -> add(spans, pair, where));
        } else {
            throw new InputException(
                    where + ": a pair [start, end] of seconds, or a list of them, is needed, not " + node);
        }
        return spans;
    }

    private static void add(List<Span> spans, JsonNode pair, String where) {
        if (pair.size() == 2 && pair.get(0).isNull() && pair.get(1).isNull()) {
            return;
        }
        if (pair.size() < 2 || !pair.get(0).isNumber() || !pair.get(1).isNumber()) {
            throw new InputException(where + ": a pair [start, end] of seconds is needed, not " + pair);
        }
        spans.add(new Span(pair.get(0).asDouble(), pair.get(1).asDouble()));
    }

    /** The third numbers of windows {@code [start, end, score]}; empty if none has one. */
    static List<Double> scores(JsonNode windows, String where) {
        List<Double> scores = new ArrayList<>();
        windows.forEach(window -> {
            if (window.size() > 2) {
                scores.add(window.get(2).asDouble());
            }
        });
        if (!scores.isEmpty() && scores.size() != windows.size()) {
            throw new InputException(where + ": " + scores.size() + " of " + windows.size()
                    + " windows have a score; give every " + "window one, or none");
        }
        return scores;
    }

    static List<Double> numbers(JsonNode list, String where) {
        List<Double> numbers = new ArrayList<>();
        list.forEach(value -> {
            if (!value.isNumber()) {
                throw new InputException(where + ": a list of numbers holds " + value);
            }
            numbers.add(value.asDouble());
        });
        return numbers;
    }

    /** The first numbers of a text such as {@code "[[24.3, 30.4]]"} or {@code "13.4-28.1"}, as a span. */
    static Span span(String text, String where) {
        Matcher matcher = NUMBER.matcher(text.replaceAll("(?<=[0-9])-", " "));
        if (matcher.find()) {
            double start = Double.parseDouble(matcher.group());
            if (matcher.find()) {
                return new Span(start, Double.parseDouble(matcher.group()));
            }
        }
        throw new InputException(where + ": a pair of seconds is needed, not \"" + text + "\"");
    }

    /** The first of these fields that says something, as text; null if none does. */
    static String text(JsonNode row, String... names) {
        for (String name : names) {
            JsonNode value = row.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return value.asText();
            }
        }
        return null;
    }

    /** The same, an empty text if none does. */
    static String textOrEmpty(JsonNode row, String... names) {
        String value = text(row, names);
        return value == null ? "" : value;
    }

    /** The first of these fields that says something. */
    static String need(JsonNode row, String where, String... names) {
        String value = text(row, names);
        if (value == null) {
            throw new InputException(where + ": \"" + String.join("\" or \"", names) + "\" is missing");
        }
        return value;
    }

    /** Seconds, or null. */
    static Double seconds(JsonNode row, String name) {
        JsonNode value = row.get(name);
        return value != null && value.isNumber() ? Double.valueOf(value.asDouble()) : null;
    }

    /** An option: an index from 0 becomes its letter, everything else stays. */
    static String option(JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isIntegralNumber() ? letter(value.asInt()) : value.asText();
    }

    /** The letter of the option with this index; other numbers stay as they are. */
    static String letter(int index) {
        return index >= 0 && index < LETTERS ? String.valueOf((char) ('A' + index)) : String.valueOf(index);
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list != null) {
            list.forEach(value -> texts.add(value.asText()));
        }
        return texts;
    }
}
