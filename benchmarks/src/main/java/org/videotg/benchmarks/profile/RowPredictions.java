package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import org.videotg.core.io.Jsonl;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.sample.Task;

/** Predictions with one object a question, in a json list or jsonl. */
final class RowPredictions {
    private RowPredictions() {}

    /**
     * A row; null if it is of no known format.
     *
     * @param index of the row in its file, from 0
     */
    static PredictedRow read(Jsonl.Row row, int index) {
        JsonNode node = row.node();
        if (node.has("pred_relevant_windows")
                || (node.has("qid") && node.has("ans") && !node.has("relevant_windows") && !node.has("span"))) {
            return submission(node, row.where());
        }
        if (node.has("id") && (node.has("intervals") || node.has("reply")) && !node.has("query")) {
            return own(node, row.where());
        }
        Format format = RowTruths.format(node);
        Truth truth = format == null
                ? null
                : RowTruths.read(format, row, index).stream().findFirst().orElse(null);
        if (node.path("gt").has("glue")) {
            return PredictedRow.reply(truth.id(), Values.text(node, "pred")).withTruth(truth);
        }
        if (node.has("pred") && node.has("span")) {
            return videoMind(node, row.where(), truth);
        }
        if (node.has("timestamp") && node.has("ans")) {
            return PredictedRow.reply(
                            Truth.triple(
                                    truth.video(), truth.query(), truth.spans().get(0)),
                            Values.text(node, "answer"))
                    .withSpans(Values.spans(node.get("timestamp"), row.where()), null)
                    .withTruth(truth);
        }
        boolean timeR1 = node.has("qid") && (node.has("pred") || node.has("output_text"));
        return timeR1 ? timeR1(node, row.where(), truth) : null;
    }

    /**
     * This project's own rows {@code {"id","intervals","reply","iou","answer"}}. The letter is the one that the run's own parser
     * read, whatever its template; none is a wrong answer, not a missing one.
     */
    private static PredictedRow own(JsonNode node, String where) {
        String reply = Values.text(node, "reply");
        String letter = node.path("answer").isObject()
                ? node.path("answer").path("letter").asText("")
                : reply == null
                        ? null
                        : ReplyParser.parse(Task.GQA, reply)
                                .map(ReplyParser.Parsed::letter)
                                .orElse(null);
        PredictedRow row =
                PredictedRow.reply(Values.need(node, where, "id"), reply).withAnswer(letter, null);
        return node.has("intervals") ? row.withSpans(Values.spans(node.get("intervals"), where), null) : row;
    }

    /** Submissions to QVHighlights and ReXTime. */
    private static PredictedRow submission(JsonNode node, String where) {
        PredictedRow row = PredictedRow.reply(Values.need(node, where, "qid"), null)
                .withAnswer(Values.option(node.get("ans")), null);
        JsonNode windows = node.get("pred_relevant_windows");
        if (windows != null) {
            row = row.withSpans(Values.spans(windows, where), null).withScores(Values.scores(windows, where));
        }
        JsonNode saliency = node.get("pred_saliency_scores");
        return saliency == null ? row : row.withSaliency(Values.numbers(saliency, where));
    }

    private static PredictedRow videoMind(JsonNode node, String where, Truth truth) {
        return PredictedRow.reply(truth.id(), null)
                .withSpans(Values.spans(node.get("pred"), where), "videomind")
                .withAnswer(Values.text(node, "response"), null)
                .withFailure(!node.path("grounder_success").asBoolean(true))
                .withTruth(truth);
    }

    /** Outputs of Time-R1's evaluation, and its training rows with the predictions that graded them. */
    private static PredictedRow timeR1(JsonNode node, String where, Truth truth) {
        PredictedRow row = PredictedRow.reply(Values.need(node, where, "qid"), Values.text(node, "output_text"))
                .withTruth(truth);
        return node.has("pred") ? row.withSpans(Values.spans(node.get("pred"), where), "timer1") : row;
    }
}
