package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;

/**
 * Annotations with one object a question, in a json list or jsonl. Prediction files that repeat their annotations are read too.
 */
final class RowTruths {
    private RowTruths() {}

    /** The format that a row shows; null if it is no annotation. */
    static Format format(JsonNode row) {
        if (row.has("intervals") && row.has("query")) {
            return Format.OWN;
        }
        if (row.has("relevant_windows")) {
            boolean tacos = Values.textOrEmpty(row, "vid").matches("s[0-9]+-d[0-9]+");
            return row.has("saliency_scores")
                    ? Format.QVHIGHLIGHTS
                    : row.has("ans") ? Format.REX_TIME : tacos ? Format.TACOS : Format.WINDOWS;
        }
        if (row.has("glue") || row.path("gt").has("glue")) {
            return Format.NEXT_GQA;
        }
        if (row.has("events")) {
            return Format.TIME_LENS;
        }
        if (row.has("span")) {
            return row.has("pred") ? Format.VIDEO_MIND : Format.REX_TIME;
        }
        if (row.has("target") || (row.has("timestamp") && (row.has("sentence") || row.has("ans")))) {
            return Format.TIME_R1;
        }
        return row.has("path") && row.has("answer") ? Format.TVG_BENCH : null;
    }

    /**
     * What a row annotates: one question, or the events of one video.
     *
     * @param index of the row in its file, from 0
     */
    static List<Truth> read(Format format, Jsonl.Row row, int index) {
        JsonNode node = row.node();
        return switch (format) {
            case OWN -> List.of(own(node, row.where()));
            case QVHIGHLIGHTS, TACOS, WINDOWS -> List.of(windows(node, row.where(), "relevant_windows"));
            case REX_TIME -> List.of(windows(node, row.where(), node.has("span") ? "span" : "relevant_windows"));
            case TIME_LENS -> events(node, row.where());
            case NEXT_GQA -> List.of(glue(node, row.where(), index));
            case VIDEO_MIND -> List.of(videoMind(node, row.where(), index));
            case TIME_R1 -> List.of(timeR1(node, row.where(), index));
            case TVG_BENCH -> List.of(tvgBench(node, row.where(), index));
            default -> throw new InputException(row.where() + ": not a row of " + format.label());
        };
    }

    private static Truth own(JsonNode node, String where) {
        return Truth.of(
                        Values.need(node, where, "id"),
                        Values.need(node, where, "video"),
                        Values.need(node, where, "query"),
                        Values.seconds(node, "duration"),
                        Values.spans(node.get("intervals"), where))
                .withAnswer(
                        Values.texts(node.get("options")),
                        Values.option(node.get("answer")),
                        Values.text(node, "type"));
    }

    private static Truth windows(JsonNode node, String where, String name) {
        Truth truth = Truth.of(
                        Values.need(node, where, "qid"),
                        Values.need(node, where, "vid"),
                        Values.need(node, where, "query", "question"),
                        Values.seconds(node, "duration"),
                        Values.spans(node.get(name), where))
                .withAnswer(Values.texts(node.get("options")), Values.option(node.get("ans")), null);
        return node.has("saliency_scores") ? truth.withSaliency(saliency(node, where)) : truth;
    }

    private static Saliency saliency(JsonNode node, String where) {
        List<List<Integer>> scores = new ArrayList<>();
        node.get("saliency_scores")
                .forEach(of -> scores.add(
                        Values.numbers(of, where).stream().map(Double::intValue).toList()));
        try {
            return new Saliency(
                    Values.numbers(node.path("relevant_clip_ids"), where).stream()
                            .map(Double::intValue)
                            .toList(),
                    scores);
        } catch (IllegalArgumentException e) {
            throw new InputException(where + ": " + e.getMessage(), e);
        }
    }

    private static List<Truth> events(JsonNode node, String where) {
        String video = Values.need(node, where, "video_path");
        List<Truth> truths = new ArrayList<>();
        for (JsonNode event : node.get("events")) {
            truths.add(Truth.of(
                    Truth.stem(video) + "#" + truths.size(),
                    video,
                    Values.need(event, where, "query"),
                    Values.seconds(node, "duration"),
                    Values.spans(event.path("span"), where)));
        }
        return truths;
    }

    /** VideoChat-R1's grounded questions, and its log of them, which repeats the answer under {@code gt}. */
    private static Truth glue(JsonNode node, String where, int index) {
        JsonNode of = node.has("gt") ? node.get("gt") : node;
        String id = Values.text(node, "id");
        return Truth.of(
                        id == null ? "row " + index : id,
                        Values.need(node, where, "video", "video_path"),
                        Values.textOrEmpty(node, "question", "prompt"),
                        Values.seconds(node, "duration"),
                        Values.spans(of.path("glue"), where))
                .withAnswer(
                        Values.texts(node.get("options")),
                        letter(Values.text(of, "answer")),
                        Values.text(node, "type"));
    }

    /** {@code (C)} is option C. */
    private static String letter(String answer) {
        return answer != null && answer.matches("\\([A-Z]\\)") ? answer.substring(1, 2) : answer;
    }

    /** VideoMind's dumps repeat the annotation that they were made from. */
    private static Truth videoMind(JsonNode node, String where, int index) {
        String id = Values.text(node, "qid", "id");
        return Truth.of(
                        id == null ? "row " + index : id,
                        Values.textOrEmpty(node, "video_path", "vid"),
                        Values.textOrEmpty(node, "query", "question"),
                        Values.seconds(node, "duration"),
                        Values.spans(node.get("span"), where))
                .withAnswer(Values.texts(node.get("options")), Values.text(node, "ans"), null);
    }

    /** Time-R1's training rows and outputs, and VideoChat-R1's log of grounding, whose truth is {@code ans}. */
    private static Truth timeR1(JsonNode node, String where, int index) {
        String truth = node.has("target") ? "target" : node.has("ans") ? "ans" : "timestamp";
        String id = Values.text(node, "qid");
        return Truth.of(
                id == null ? "row " + index : id,
                Values.textOrEmpty(node, "video", "video_path"),
                Values.textOrEmpty(node, "sentence", "query"),
                Values.seconds(node, "duration"),
                Values.spans(node.get(truth), where));
    }

    /** Time-R1 names its rows by the file that they came from and their place in the benchmark. */
    private static Truth tvgBench(JsonNode node, String where, int index) {
        String source = Values.textOrEmpty(node, "source");
        String name = source.substring(source.lastIndexOf('/') + 1)
                .replaceFirst("\\.[^.]*$", "")
                .replaceAll("[.-]", "_");
        Span truth = Values.span(Values.need(node, where, "answer"), where);
        return Truth.of(
                        "tvgbench#" + index,
                        Values.need(node, where, "path"),
                        Values.need(node, where, "question"),
                        Values.seconds(node, "duration"),
                        List.of(truth))
                .withAliases(name + "_" + index);
    }
}
