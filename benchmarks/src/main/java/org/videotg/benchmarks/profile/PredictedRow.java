package org.videotg.benchmarks.profile;

import java.util.List;
import java.util.Objects;

/**
 * A row of a prediction file. What a file does not say is null.
 *
 * @param key id, alias or triple of the annotated row
 * @param spans predicted, best first, as the file's producer parsed them; empty if it could not
 * @param scores confidence of each span; empty if there are none
 * @param reply raw text of the model
 * @param answer option that was chosen: a letter, or a reply that an evaluator takes the letter from
 * @param statedAnswer right option, where prediction files repeat it
 * @param saliency a score for each clip of 2 seconds
 * @param finalFor the profile whose evaluator reads these spans as they stand, since its own inference wrote them
 * @param failed whether the producer says that it could not read the reply and put spans of its own in place
 * @param truth the annotated row, where prediction files repeat it
 */
public record PredictedRow(
        String key,
        List<Span> spans,
        List<Double> scores,
        String reply,
        String answer,
        String statedAnswer,
        List<Double> saliency,
        String finalFor,
        boolean failed,
        Truth truth) {
    public PredictedRow {
        Objects.requireNonNull(key, "key");
        spans = spans == null ? null : List.copyOf(spans);
        scores = List.copyOf(scores);
        saliency = saliency == null ? null : List.copyOf(saliency);
    }

    public static PredictedRow spans(String key, List<Span> spans) {
        return new PredictedRow(key, spans, List.of(), null, null, null, null, null, false, null);
    }

    public static PredictedRow reply(String key, String reply) {
        return new PredictedRow(key, null, List.of(), reply, null, null, null, null, false, null);
    }

    public PredictedRow withSpans(List<Span> parsed, String profile) {
        return new PredictedRow(key, parsed, scores, reply, answer, statedAnswer, saliency, profile, failed, truth);
    }

    public PredictedRow withScores(List<Double> confidences) {
        return new PredictedRow(
                key, spans, confidences, reply, answer, statedAnswer, saliency, finalFor, failed, truth);
    }

    public PredictedRow withAnswer(String chosen, String right) {
        return new PredictedRow(key, spans, scores, reply, chosen, right, saliency, finalFor, failed, truth);
    }

    public PredictedRow withSaliency(List<Double> clips) {
        return new PredictedRow(key, spans, scores, reply, answer, statedAnswer, clips, finalFor, failed, truth);
    }

    public PredictedRow withTruth(Truth annotated) {
        return new PredictedRow(key, spans, scores, reply, answer, statedAnswer, saliency, finalFor, failed, annotated);
    }

    public PredictedRow withFailure(boolean happened) {
        return new PredictedRow(key, spans, scores, reply, answer, statedAnswer, saliency, finalFor, happened, truth);
    }

    /** Both rows' statements about one annotated row; where both say something, the other's. */
    PredictedRow and(PredictedRow other) {
        boolean later = other.spans != null;
        return new PredictedRow(
                key,
                later ? other.spans : spans,
                later ? other.scores : scores,
                or(other.reply, later ? null : reply),
                or(other.answer, answer),
                or(other.statedAnswer, statedAnswer),
                or(other.saliency, saliency),
                later ? other.finalFor : finalFor,
                later ? other.failed : failed,
                or(other.truth, truth));
    }

    private static <T> T or(T first, T second) {
        return first == null ? second : first;
    }
}
