package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.FileRow;
import org.videotg.benchmarks.annotation.FileRow.Problem;
import org.videotg.benchmarks.annotation.FileRows;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * Reads prediction files of this project and of others, in the format that each row shows (docs/metrics.md lists them).
 */
public final class PredictionFile {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?+(?:e-?[0-9]++)?+");
    private static final String SEPARATOR = ">>>";
    private static final int LETTERS = 26;

    private PredictionFile() {}

    /**
     * Reads files that are parts of one prediction, or complete each other (intervals in one, answers in the other).
     *
     * @throws InputException if a file is of no known format, holds no row, or a row is broken
     */
    public static List<PredictedRow> read(List<Path> files) {
        List<PredictedRow> predictions = new ArrayList<>();
        for (Path file : files) {
            FileRows rows = FileRows.read(file);
            if (!rows.bad().isEmpty()) {
                throw new InputException(rows.bad().get(0).toString());
            }
            int before = predictions.size();
            for (FileRow row : rows.rows()) {
                try {
                    add(predictions, row, predictions.size() - before);
                } catch (Problem e) {
                    throw new InputException(row.where() + ": " + e.getMessage(), e);
                }
            }
            if (predictions.size() == before) {
                throw new InputException(file + ": holds no prediction");
            }
        }
        return predictions;
    }

    private static void add(List<PredictedRow> predictions, FileRow row, int index) {
        PredictedRow single = row.node() == null || row.key() != null ? null : single(row.node(), index);
        if (single != null) {
            predictions.add(single);
            return;
        }
        if (row.node() == null) {
            throw unknown();
        }
        if (row.key() != null) {
            predictions.add(keyed(row.key(), row.node()));
            return;
        }
        for (Map.Entry<String, JsonNode> entry : row.node().properties()) {
            try {
                predictions.add(keyed(entry.getKey(), entry.getValue()));
            } catch (Problem e) {
                throw new Problem("\"" + entry.getKey() + "\": " + e.getMessage());
            }
        }
    }

    private static Problem unknown() {
        return new Problem("not predictions of a known format; known are those of docs/metrics.md");
    }

    /** A row with its name in a field; null if it is of no known format. */
    private static PredictedRow single(JsonNode node, int index) {
        if (node.has("pred_relevant_windows")
                || (node.has("qid") && node.has("ans") && !node.has("relevant_windows") && !node.has("span"))) {
            return submission(node);
        }
        if (node.has("id") && (node.has("intervals") || node.has("reply")) && !node.has("query")) {
            return videotg(node);
        }
        if (node.path("gt").has("glue")) {
            Annotation truth = questionLog(node, index);
            return PredictedRow.of(truth.id()).withReply(text(node, "pred")).withAnnotation(truth);
        }
        if (node.has("pred") && node.has("span")) {
            return videoMind(node, index);
        }
        if (node.has("timestamp") && node.has("ans")) {
            Annotation truth = timeR1Truth(node, index);
            String key = Pairing.triple(
                    truth.video(), truth.query(), Span.of(truth.intervals()).get(0));
            return PredictedRow.of(key)
                    .withReply(text(node, "answer"))
                    .withSpans(spans(node.get("timestamp")))
                    .withAnnotation(truth);
        }
        return node.has("qid") && (node.has("pred") || node.has("output_text")) ? timeR1(node, index) : null;
    }

    /**
     * This project's own rows {@code {"id","intervals","reply","iou","answer"}}. The letter is the one that the run's
     * own parser read, whatever its template; none is a wrong answer, not a missing one.
     */
    private static PredictedRow videotg(JsonNode node) {
        String reply = text(node, "reply");
        String letter = node.path("answer").isObject()
                ? node.path("answer").path("letter").asText("")
                : reply == null
                        ? null
                        : ReplyParser.parse(Task.GQA, reply)
                                .map(ReplyParser.Parsed::letter)
                                .orElse(null);
        PredictedRow row = PredictedRow.of(need(node, "id")).withReply(reply).withAnswer(letter);
        return node.has("intervals") ? row.withSpans(spans(node.get("intervals"))) : row;
    }

    /** Submissions to QVHighlights and ReXTime. */
    private static PredictedRow submission(JsonNode node) {
        PredictedRow row = PredictedRow.of(need(node, "qid")).withAnswer(option(node.get("ans")));
        JsonNode windows = node.get("pred_relevant_windows");
        if (windows != null) {
            row = row.withSpans(spans(windows)).withScores(scores(windows));
        }
        JsonNode saliency = node.get("pred_saliency_scores");
        return saliency == null ? row : row.withSaliency(numbers(saliency));
    }

    /** VideoChat-R1's log of grounded questions, which repeats the annotation under {@code gt}. */
    private static Annotation questionLog(JsonNode node, int index) {
        JsonNode truth = node.get("gt");
        String answer = text(truth, "answer");
        boolean bracketed = answer != null && answer.matches("\\([A-Z]\\)");
        return Annotation.of(
                        id(node, index, "id"),
                        need(node, "video", "video_path"),
                        textOrEmpty(node, "question", "prompt"))
                .withDuration(duration(node))
                .withIntervals(intervals(truth.path("glue")))
                .withAnswer(texts(node.path("options")), bracketed ? answer.substring(1, 2) : answer);
    }

    /** VideoMind's dumps repeat the annotation that they were made from. */
    private static PredictedRow videoMind(JsonNode node, int index) {
        Annotation truth = Annotation.of(
                        id(node, index, "qid", "id"),
                        textOrEmpty(node, "video_path", "vid"),
                        textOrEmpty(node, "query", "question"))
                .withDuration(duration(node))
                .withIntervals(intervals(node.get("span")))
                .withAnswer(texts(node.path("options")), text(node, "ans"));
        return PredictedRow.of(truth.id())
                .withSpans(spans(node.get("pred")), "videomind")
                .withAnswer(text(node, "response"))
                .withFailure(!node.path("grounder_success").asBoolean(true))
                .withAnnotation(truth);
    }

    /** Outputs of Time-R1's evaluation, and its training rows with the predictions that graded them. */
    private static PredictedRow timeR1(JsonNode node, int index) {
        boolean annotated = node.has("target") || (node.has("timestamp") && node.has("sentence"));
        PredictedRow row = PredictedRow.of(need(node, "qid"))
                .withReply(text(node, "output_text"))
                .withAnnotation(annotated ? timeR1Truth(node, index) : null);
        return node.has("pred") ? row.withSpans(spans(node.get("pred")), "timer1") : row;
    }

    /** The annotation in Time-R1's rows, and in VideoChat-R1's log of grounding, where it is {@code ans}. */
    private static Annotation timeR1Truth(JsonNode node, int index) {
        String truth = node.has("target") ? "target" : node.has("ans") ? "ans" : "timestamp";
        return Annotation.of(
                        id(node, index, "qid"),
                        textOrEmpty(node, "video", "video_path"),
                        textOrEmpty(node, "sentence", "query"))
                .withDuration(duration(node))
                .withIntervals(intervals(node.get(truth)));
    }

    /** An entry of one object by the row's name: lmms-eval, TimeLens, TimeChat, NExT-QA and NExT-GQA. */
    private static PredictedRow keyed(String key, JsonNode value) {
        if (key.contains(SEPARATOR)) {
            return triple(key, value);
        }
        if (value.isArray()) {
            return PredictedRow.of(key).withSpans(spans(value));
        }
        if (value.has("prediction")) {
            return PredictedRow.of(key).withAnswer(option(value.get("prediction")), option(value.get("answer")));
        }
        if (value.has("timestamp")) {
            return PredictedRow.of(key).withSpans(spans(value.get("timestamp")));
        }
        throw unknown();
    }

    /**
     * {@code video>>>query>>>truth}: a reply (lmms-eval), or {@code {"timestamps","answers","duration"}} (TimeLens).
     */
    private static PredictedRow triple(String key, JsonNode value) {
        int first = key.indexOf(SEPARATOR);
        int last = key.lastIndexOf(SEPARATOR);
        if (first == last) {
            throw new Problem("a key must be video>>>query>>>truth");
        }
        String video = key.substring(0, first);
        String query = key.substring(first + SEPARATOR.length(), last);
        Span span = span(key.substring(last + SEPARATOR.length()));
        Annotation truth =
                Annotation.of(key, video, query).withDuration(duration(value)).withIntervals(List.of(interval(span)));
        PredictedRow row = PredictedRow.of(Pairing.triple(video, query, span))
                .withReply(value.isTextual() ? value.asText() : text(value, "answers"))
                .withAnnotation(truth);
        return value.has("timestamps") ? row.withSpans(spans(value.get("timestamps")), "timelens") : row;
    }

    private static String id(JsonNode node, int index, String... names) {
        String id = text(node, names);
        return id == null ? "row " + index : id;
    }

    /**
     * A pair, or a list of pairs, of seconds; further numbers of a pair are its score. A pair of nulls stands for a
     * reply that could not be parsed.
     */
    private static List<Span> spans(JsonNode node) {
        List<Span> spans = new ArrayList<>();
        if (node.isArray() && !node.isEmpty() && !node.get(0).isArray()) {
            addSpan(spans, node);
        } else if (node.isArray()) {
            node.forEach(pair -> addSpan(spans, pair));
        } else {
            throw new Problem("a pair [start, end] of seconds, or a list of them, is needed, not " + node);
        }
        return spans;
    }

    private static void addSpan(List<Span> spans, JsonNode pair) {
        if (pair.size() == 2 && pair.get(0).isNull() && pair.get(1).isNull()) {
            return;
        }
        if (pair.size() < 2 || isNoNumber(pair.get(0)) || isNoNumber(pair.get(1))) {
            throw new Problem("a pair [start, end] of seconds is needed, not " + pair);
        }
        spans.add(new Span(pair.get(0).asDouble(), pair.get(1).asDouble()));
    }

    private static boolean isNoNumber(JsonNode value) {
        return !value.isNumber() || Double.isNaN(value.asDouble());
    }

    private static List<Interval> intervals(JsonNode node) {
        return spans(node).stream().map(PredictionFile::interval).toList();
    }

    private static Interval interval(Span span) {
        try {
            return new Interval(span.start(), span.end());
        } catch (IllegalArgumentException e) {
            throw new Problem(e.getMessage());
        }
    }

    /** The third numbers of windows {@code [start, end, score]}; empty if none has one. */
    private static List<Double> scores(JsonNode windows) {
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

    private static List<Double> numbers(JsonNode list) {
        List<Double> numbers = new ArrayList<>();
        list.forEach(value -> {
            if (isNoNumber(value)) {
                throw new Problem("a list of numbers holds " + value);
            }
            numbers.add(value.asDouble());
        });
        return numbers;
    }

    /** The first numbers of a text such as {@code "[[24.3, 30.4]]"} or {@code "13.4-28.1"}, as a span. */
    private static Span span(String text) {
        Matcher matcher = NUMBER.matcher(text.replaceAll("(?<=[0-9])-", " "));
        if (matcher.find()) {
            double start = Double.parseDouble(matcher.group());
            if (matcher.find()) {
                return new Span(start, Double.parseDouble(matcher.group()));
            }
        }
        throw new Problem("a pair of seconds is needed, not \"" + text + "\"");
    }

    /** The first of these fields that has a value, as text; null if none has. */
    private static String text(JsonNode row, String... names) {
        for (String name : names) {
            JsonNode value = row.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return value.asText();
            }
        }
        return null;
    }

    private static String textOrEmpty(JsonNode row, String... names) {
        String value = text(row, names);
        return value == null ? "" : value;
    }

    private static String need(JsonNode row, String... names) {
        String value = text(row, names);
        if (value == null) {
            throw new Problem("\"" + String.join("\" or \"", names) + "\" is missing");
        }
        return value;
    }

    private static OptionalDouble duration(JsonNode row) {
        JsonNode value = row.path("duration");
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    /** An option: an index from 0 becomes its letter, everything else stays. */
    private static String option(JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        int index = value.isIntegralNumber() ? value.asInt() : -1;
        return index >= 0 && index < LETTERS ? String.valueOf((char) ('A' + index)) : value.asText();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
