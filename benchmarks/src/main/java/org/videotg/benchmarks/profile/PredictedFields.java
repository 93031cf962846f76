package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.benchmarks.annotation.FileRow.Problem;
import org.videotg.core.sample.Interval;

/** Typed access to the fields of a row of predictions; a broken field throws {@link Problem}. */
record PredictedFields(JsonNode node) {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?+(?:e-?[0-9]++)?+");
    private static final int LETTERS = 26;

    boolean has(String... names) {
        return Arrays.stream(names).allMatch(node::has);
    }

    /** The first of these fields that has a value, as text; null if none has. */
    String text(String... names) {
        return Arrays.stream(names)
                .map(node::path)
                .filter(value -> value.isValueNode() && !value.isNull())
                .findFirst()
                .map(JsonNode::asText)
                .orElse(null);
    }

    String textOrEmpty(String... names) {
        String value = text(names);
        return value == null ? "" : value;
    }

    String id(int index, String... names) {
        String id = text(names);
        return id == null ? "row " + index : id;
    }

    String need(String... names) {
        String value = text(names);
        if (value == null) {
            throw new Problem("\"" + String.join("\" or \"", names) + "\" is missing");
        }
        return value;
    }

    OptionalDouble duration() {
        JsonNode value = node.path("duration");
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    List<Span> spans(String name) {
        return spans(node.path(name));
    }

    /**
     * A pair, or a list of pairs, of seconds; further numbers of a pair are its score. A pair of nulls stands for a
     * reply that could not be parsed.
     */
    static List<Span> spans(JsonNode node) {
        if (!node.isArray()) {
            throw new Problem("a pair [start, end] of seconds, or a list of them, is needed, not " + node);
        }
        boolean single = !node.isEmpty() && !node.get(0).isArray();
        List<Span> spans = new ArrayList<>();
        for (JsonNode pair : single ? List.of(node) : node) {
            if (pair.size() == 2 && pair.get(0).isNull() && pair.get(1).isNull()) {
                continue;
            }
            if (pair.size() < 2 || isNoNumber(pair.get(0)) || isNoNumber(pair.get(1))) {
                throw new Problem("a pair [start, end] of seconds is needed, not " + pair);
            }
            spans.add(new Span(pair.get(0).asDouble(), pair.get(1).asDouble()));
        }
        return spans;
    }

    private static boolean isNoNumber(JsonNode value) {
        return !value.isNumber() || Double.isNaN(value.asDouble());
    }

    List<Interval> intervals(String name) {
        return spans(name).stream()
                .map(span -> new Interval(span.start(), span.end()))
                .toList();
    }

    /** The third numbers of windows {@code [start, end, score]}; empty if none has one. */
    List<Double> scores(String name) {
        JsonNode windows = node.get(name);
        List<Double> scores = new ArrayList<>();
        windows.forEach(window -> {
            if (window.size() > 2) {
                scores.add(window.get(2).asDouble());
            }
        });
        if (!scores.isEmpty() && scores.size() != windows.size()) {
            throw new Problem(
                    scores.size() + " of " + windows.size() + " windows have a score; give every window one, or none");
        }
        return scores;
    }

    List<Double> numbers(String name) {
        List<Double> numbers = new ArrayList<>();
        node.get(name).forEach(value -> {
            if (isNoNumber(value)) {
                throw new Problem("a list of numbers holds " + value);
            }
            numbers.add(value.asDouble());
        });
        return numbers;
    }

    /** The first numbers of a text such as {@code "[[24.3, 30.4]]"} or {@code "13.4-28.1"}, as a span. */
    static Span span(String text) {
        Matcher matcher = NUMBER.matcher(text.replaceAll("(?<=[0-9])-", " "));
        double[] bounds = matcher.results()
                .limit(2)
                .mapToDouble(found -> Double.parseDouble(found.group()))
                .toArray();
        if (bounds.length < 2) {
            throw new Problem("a pair of seconds is needed, not \"" + text + "\"");
        }
        return new Span(bounds[0], bounds[1]);
    }

    /** An option: an index from 0 becomes its letter, everything else stays; null if it is missing. */
    String option(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        int index = value.isIntegralNumber() ? value.asInt() : -1;
        return index >= 0 && index < LETTERS ? String.valueOf((char) ('A' + index)) : value.asText();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        node.path(name).forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
