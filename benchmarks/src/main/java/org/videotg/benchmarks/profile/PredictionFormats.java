package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.FileRow.Problem;
import org.videotg.benchmarks.profile.PredictedRow.Choice;
import org.videotg.benchmarks.profile.PredictedRow.Windows;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/** The formats of prediction files, which docs/metrics.md lists: how a row is recognised and read. */
final class PredictionFormats {
    private static final String SEPARATOR = ">>>";

    private PredictionFormats() {}

    static Problem unknown() {
        return new Problem("not predictions of a known format; known are those of docs/metrics.md");
    }

    /**
     * Reads a row with its name in a field.
     *
     * @param index of the row, by which one without a name is called
     * @return null if it is of no known format
     */
    static PredictedRow single(JsonNode node, int index) {
        PredictedFields row = new PredictedFields(node);
        if (row.has("pred_relevant_windows")
                || (row.has("qid", "ans") && !row.has("relevant_windows") && !row.has("span"))) {
            return submission(row);
        }
        if (row.has("id") && (row.has("intervals") || row.has("reply")) && !row.has("query")) {
            return videotg(row);
        }
        if (node.path("gt").has("glue")) {
            Annotation truth = questionLog(row, index);
            return PredictedRow.of(truth.id()).withReply(row.text("pred")).withAnnotation(truth);
        }
        if (row.has("pred", "span")) {
            return videoMind(row, index);
        }
        if (row.has("timestamp", "ans")) {
            Annotation truth = timeR1Truth(row, index);
            String key = Pairing.triple(
                    truth.video(), truth.query(), Span.of(truth.intervals()).get(0));
            return PredictedRow.of(key)
                    .withReply(row.text("answer"))
                    .withWindows(Windows.of(row.spans("timestamp")))
                    .withAnnotation(truth);
        }
        return row.has("qid") && (row.has("pred") || row.has("output_text")) ? timeR1(row, index) : null;
    }

    /**
     * This project's own rows {@code {"id","intervals","reply","iou","answer"}}. The letter is the one that the run's
     * own parser read, whatever its template; none is a wrong answer, not a missing one.
     */
    private static PredictedRow videotg(PredictedFields row) {
        String reply = row.text("reply");
        JsonNode answer = row.node().path("answer");
        String letter = answer.isObject()
                ? answer.path("letter").asText("")
                : reply == null
                        ? null
                        : ReplyParser.parse(Task.GQA, reply)
                                .map(ReplyParser.Parsed::letter)
                                .orElse(null);
        return PredictedRow.of(row.need("id"))
                .withReply(reply)
                .withChoice(new Choice(letter, null))
                .withWindows(row.has("intervals") ? Windows.of(row.spans("intervals")) : null);
    }

    /** Submissions to QVHighlights and ReXTime. */
    private static PredictedRow submission(PredictedFields row) {
        String windows = "pred_relevant_windows";
        String saliency = "pred_saliency_scores";
        return PredictedRow.of(row.need("qid"))
                .withChoice(new Choice(row.option("ans"), null))
                .withWindows(
                        row.has(windows) ? new Windows(row.spans(windows), row.scores(windows), null, false) : null)
                .withSaliency(row.has(saliency) ? row.numbers(saliency) : null);
    }

    /** VideoChat-R1's log of grounded questions, which repeats the annotation under {@code gt}. */
    private static Annotation questionLog(PredictedFields row, int index) {
        PredictedFields truth = new PredictedFields(row.node().get("gt"));
        String answer = truth.text("answer");
        boolean bracketed = answer != null && answer.matches("\\([A-Z]\\)");
        return Annotation.of(
                        row.id(index, "id"), row.need("video", "video_path"), row.textOrEmpty("question", "prompt"))
                .withDuration(row.duration())
                .withIntervals(truth.intervals("glue"))
                .withAnswer(row.texts("options"), bracketed ? answer.substring(1, 2) : answer);
    }

    /** VideoMind's dumps repeat the annotation that they were made from. */
    private static PredictedRow videoMind(PredictedFields row, int index) {
        Annotation truth = Annotation.of(
                        row.id(index, "qid", "id"),
                        row.textOrEmpty("video_path", "vid"),
                        row.textOrEmpty("query", "question"))
                .withDuration(row.duration())
                .withIntervals(row.intervals("span"))
                .withAnswer(row.texts("options"), row.text("ans"));
        boolean failed = !row.node().path("grounder_success").asBoolean(true);
        return PredictedRow.of(truth.id())
                .withWindows(new Windows(row.spans("pred"), List.of(), "videomind", failed))
                .withChoice(new Choice(row.text("response"), null))
                .withAnnotation(truth);
    }

    /** Outputs of Time-R1's evaluation, and its training rows with the predictions that graded them. */
    private static PredictedRow timeR1(PredictedFields row, int index) {
        boolean annotated = row.has("target") || row.has("timestamp", "sentence");
        return PredictedRow.of(row.need("qid"))
                .withReply(row.text("output_text"))
                .withAnnotation(annotated ? timeR1Truth(row, index) : null)
                .withWindows(row.has("pred") ? Windows.finalFor("timer1", row.spans("pred")) : null);
    }

    /** The annotation in Time-R1's rows, and in VideoChat-R1's log of grounding, where it is {@code ans}. */
    private static Annotation timeR1Truth(PredictedFields row, int index) {
        String truth = row.has("target") ? "target" : row.has("ans") ? "ans" : "timestamp";
        return Annotation.of(
                        row.id(index, "qid"),
                        row.textOrEmpty("video", "video_path"),
                        row.textOrEmpty("sentence", "query"))
                .withDuration(row.duration())
                .withIntervals(row.intervals(truth));
    }

    /** Reads an entry of one object by the row's name: lmms-eval, TimeLens, TimeChat, NExT-QA and NExT-GQA. */
    static PredictedRow keyed(String key, JsonNode node) {
        PredictedFields row = new PredictedFields(node);
        if (key.contains(SEPARATOR)) {
            return triple(key, row);
        }
        if (node.isArray()) {
            return PredictedRow.of(key).withWindows(Windows.of(PredictedFields.spans(node)));
        }
        if (row.has("prediction")) {
            return PredictedRow.of(key).withChoice(new Choice(row.option("prediction"), row.option("answer")));
        }
        if (row.has("timestamp")) {
            return PredictedRow.of(key).withWindows(Windows.of(row.spans("timestamp")));
        }
        throw unknown();
    }

    /**
     * {@code video>>>query>>>truth}: a reply (lmms-eval), or {@code {"timestamps","answers","duration"}} (TimeLens).
     */
    private static PredictedRow triple(String key, PredictedFields row) {
        int first = key.indexOf(SEPARATOR);
        int last = key.lastIndexOf(SEPARATOR);
        if (first == last) {
            throw new Problem("a key must be video>>>query>>>truth");
        }
        String video = key.substring(0, first);
        String query = key.substring(first + SEPARATOR.length(), last);
        Span span = PredictedFields.span(key.substring(last + SEPARATOR.length()));
        Annotation truth = Annotation.of(key, video, query)
                .withDuration(row.duration())
                .withIntervals(List.of(new Interval(span.start(), span.end())));
        return PredictedRow.of(Pairing.triple(video, query, span))
                .withReply(row.node().isTextual() ? row.node().asText() : row.text("answers"))
                .withAnnotation(truth)
                .withWindows(row.has("timestamps") ? Windows.finalFor("timelens", row.spans("timestamps")) : null);
    }
}
