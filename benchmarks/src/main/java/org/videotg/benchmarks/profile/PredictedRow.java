package org.videotg.benchmarks.profile;

import java.util.List;
import java.util.Objects;
import org.videotg.benchmarks.annotation.Annotation;

/**
 * A row of a prediction file. What a file does not state is null.
 *
 * @param key id, alias or triple of the annotated row
 * @param windows predicted intervals
 * @param reply raw text of the model
 * @param saliency a score for each clip of 2 seconds
 * @param annotation the annotated row, where prediction files repeat it
 */
public record PredictedRow(
        String key, Windows windows, String reply, Choice choice, List<Double> saliency, Annotation annotation) {
    /**
     * Predicted intervals.
     *
     * @param spans best first, as the file's producer parsed them; empty if it could not
     * @param scores confidence of each span; empty if there are none
     * @param finalFor the profile whose evaluator takes these spans as they are, since its own inference wrote them; or
     *     null
     * @param failed whether the producer states that it could not read the reply and put spans of its own in place
     */
    public record Windows(List<Span> spans, List<Double> scores, String finalFor, boolean failed) {
        public Windows {
            spans = List.copyOf(spans);
            scores = List.copyOf(scores);
        }

        public static Windows of(List<Span> spans) {
            return finalFor(null, spans);
        }

        static Windows finalFor(String profile, List<Span> spans) {
            return new Windows(spans, List.of(), profile, false);
        }
    }

    /**
     * The answer to a multiple-choice question.
     *
     * @param answer chosen option: a letter, or a reply that an evaluator takes the letter from; or null
     * @param right right option, where prediction files repeat it; else null
     */
    public record Choice(String answer, String right) {
        private static final Choice NONE = new Choice(null, null);
    }

    public PredictedRow {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(choice, "choice");
        saliency = saliency == null ? null : List.copyOf(saliency);
    }

    /** A row that states nothing yet; the withers add what the file has. */
    public static PredictedRow of(String key) {
        return new PredictedRow(key, null, null, Choice.NONE, null, null);
    }

    /** The predicted spans; null if the file states none. */
    List<Span> spans() {
        return windows == null ? null : windows.spans();
    }

    /** Whether the evaluator of this profile takes the spans as they are. */
    boolean isFinalFor(String profile) {
        return windows != null && profile.equals(windows.finalFor());
    }

    PredictedRow withWindows(Windows predicted) {
        return new PredictedRow(key, predicted, reply, choice, saliency, annotation);
    }

    PredictedRow withReply(String text) {
        return new PredictedRow(key, windows, text, choice, saliency, annotation);
    }

    PredictedRow withChoice(Choice chosen) {
        return new PredictedRow(key, windows, reply, chosen, saliency, annotation);
    }

    PredictedRow withSaliency(List<Double> clips) {
        return new PredictedRow(key, windows, reply, choice, clips, annotation);
    }

    PredictedRow withAnnotation(Annotation repeated) {
        return new PredictedRow(key, windows, reply, choice, saliency, repeated);
    }

    /** What both rows state about one annotated row; where both state something, the other's holds. */
    PredictedRow and(PredictedRow other) {
        return new PredictedRow(
                key,
                or(other.windows, windows),
                or(other.reply, other.windows == null ? reply : null),
                new Choice(or(other.choice.answer, choice.answer), or(other.choice.right, choice.right)),
                or(other.saliency, saliency),
                or(other.annotation, annotation));
    }

    private static <T> T or(T first, T second) {
        return first == null ? second : first;
    }
}
