package org.videotg.benchmarks.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * The model's answer to one sample; a row of {@code predictions.jsonl}.
 *
 * @param id of the sample
 * @param intervals predicted, in seconds, as they were written; empty if the reply could not be parsed, or is "none"
 * @param reply the raw text
 * @param iou with the annotation ({@link ReplyScores#iou(Sample, ParsedReply)}), in [0, 1]; 0 if unparsed
 * @param unparsed whether the prompt's parser could not read the reply
 * @param answer to a multiple-choice question; null for every other task, and if the right option is not known
 */
public record Prediction(
        String id,
        List<Interval> intervals,
        String reply,
        double iou,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean unparsed,
        @JsonInclude(JsonInclude.Include.NON_NULL) GroundedAnswer answer) {
    /**
     * The answer to a multiple-choice question about a video.
     *
     * @param letter of the chosen option; null if the reply names none
     * @param right whether it is the annotated one
     * @param iop intersection of the predicted time with the annotation over the predicted time, in [0, 1]
     */
    public record GroundedAnswer(String letter, boolean right, double iop) {
        public GroundedAnswer {
            if (!(iop >= 0 && iop <= 1)) {
                throw new IllegalArgumentException("\"iop\" must lie in [0, 1], not " + iop);
            }
        }

        static GroundedAnswer of(Sample sample, ParsedReply reply) {
            return new GroundedAnswer(
                    reply.letter(), ReplyScores.isRight(sample, reply), ReplyScores.iop(sample, reply));
        }
    }

    public Prediction {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(intervals, "\"intervals\" is missing");
        Objects.requireNonNull(reply, "\"reply\" is missing");
        intervals = List.copyOf(intervals);
        if (!(iou >= 0 && iou <= 1)) {
            throw new IllegalArgumentException("\"iou\" must lie in [0, 1], not " + iou);
        }
    }

    /** Scores a reply that the prompt's template has read. */
    public static Prediction of(Sample sample, ParsedReply reply) {
        return new Prediction(
                sample.id(),
                reply.intervals(),
                reply.text(),
                ReplyScores.iou(sample, reply),
                reply.parsed().isEmpty(),
                isQuestion(sample) ? GroundedAnswer.of(sample, reply) : null);
    }

    private static boolean isQuestion(Sample sample) {
        return sample.task() == Task.GQA && sample.answer() != null;
    }

    /**
     * Reads a file of predictions.
     *
     * @throws InputException naming file and line of the first bad row, or a repeated id
     */
    public static List<Prediction> read(Path file) {
        List<Prediction> predictions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Jsonl.forEach(file, row -> {
            Prediction prediction = Json.convert(row.node(), Prediction.class, row.where());
            if (!seen.add(prediction.id())) {
                throw new InputException(
                        row.where() + ": id \"" + prediction.id() + "\" occurs twice; ids must be unique");
            }
            predictions.add(prediction);
        });
        return List.copyOf(predictions);
    }
}
