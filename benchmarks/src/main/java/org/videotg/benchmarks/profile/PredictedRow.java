package org.videotg.benchmarks.profile;

import java.util.List;
import java.util.Objects;
import org.videotg.benchmarks.annotation.Annotation;

/**
 * A row of a prediction file. What a file does not state is null.
 *
 * @param key id, alias or triple of the annotated row
 * @param spans predicted, best first, as the file's producer parsed them; empty if it could not
 * @param scores confidence of each span; empty if there are none
 * @param reply raw text of the model
 * @param answer chosen option: a letter, or a reply that an evaluator takes the letter from
 * @param right right option, where prediction files repeat it
 * @param saliency a score for each clip of 2 seconds
 * @param finalFor the profile whose evaluator takes these spans as they are, since its own inference wrote them
 * @param failed whether the producer states that it could not read the reply and put spans of its own in place
 * @param annotation the annotated row, where prediction files repeat it
 */
public record PredictedRow(
        String key,
        List<Span> spans,
        List<Double> scores,
        String reply,
        String answer,
        String right,
        List<Double> saliency,
        String finalFor,
        boolean failed,
        Annotation annotation) {
    public PredictedRow {
        Objects.requireNonNull(key, "key");
        spans = spans == null ? null : List.copyOf(spans);
        scores = List.copyOf(scores);
        saliency = saliency == null ? null : List.copyOf(saliency);
    }

    /** A row that states nothing yet; the withers add what the file has. */
    public static PredictedRow of(String key) {
        return new PredictedRow(key, null, List.of(), null, null, null, null, null, false, null);
    }

    public PredictedRow withSpans(List<Span> parsed) {
        return new PredictedRow(key, parsed, scores, reply, answer, right, saliency, finalFor, failed, annotation);
    }

    /** Spans that the evaluator of this profile takes as they are. */
    public PredictedRow withSpans(List<Span> parsed, String profile) {
        return new PredictedRow(key, parsed, scores, reply, answer, right, saliency, profile, failed, annotation);
    }

    public PredictedRow withScores(List<Double> confidences) {
        return new PredictedRow(key, spans, confidences, reply, answer, right, saliency, finalFor, failed, annotation);
    }

    public PredictedRow withReply(String text) {
        return new PredictedRow(key, spans, scores, text, answer, right, saliency, finalFor, failed, annotation);
    }

    public PredictedRow withAnswer(String chosen) {
        return withAnswer(chosen, right);
    }

    public PredictedRow withAnswer(String chosen, String correct) {
        return new PredictedRow(key, spans, scores, reply, chosen, correct, saliency, finalFor, failed, annotation);
    }

    public PredictedRow withSaliency(List<Double> clips) {
        return new PredictedRow(key, spans, scores, reply, answer, right, clips, finalFor, failed, annotation);
    }

    public PredictedRow withFailure(boolean happened) {
        return new PredictedRow(key, spans, scores, reply, answer, right, saliency, finalFor, happened, annotation);
    }

    public PredictedRow withAnnotation(Annotation repeated) {
        return new PredictedRow(key, spans, scores, reply, answer, right, saliency, finalFor, failed, repeated);
    }

    /** What both rows state about one annotated row; where both state something, the other's holds. */
    PredictedRow and(PredictedRow other) {
        boolean later = other.spans != null;
        PredictedRow grounded = later ? other : this;
        return new PredictedRow(
                key,
                grounded.spans,
                grounded.scores,
                or(other.reply, later ? null : reply),
                or(other.answer, answer),
                or(other.right, right),
                or(other.saliency, saliency),
                grounded.finalFor,
                grounded.failed,
                or(other.annotation, annotation));
    }

    private static <T> T or(T first, T second) {
        return first == null ? second : first;
    }
}
