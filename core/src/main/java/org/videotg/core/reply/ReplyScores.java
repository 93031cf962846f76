package org.videotg.core.reply;

import java.util.List;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/** The scores of a reply in [0, 1] by which it is rewarded in training and evaluated afterwards. */
public final class ReplyScores {
    private ReplyScores() {}

    /**
     * Total intersection over total union after merging; for one interval on each side this is the plain IoU. An empty
     * or reversed prediction scores 0. Nothing is clamped to the video: annotations may end behind it.
     *
     * @param annotated in seconds; without any interval the query does not happen, and only an empty prediction scores
     * (1)
     * @param predicted in seconds
     */
    public static double iou(List<Interval> annotated, List<Interval> predicted) {
        if (annotated.isEmpty() && predicted.isEmpty()) {
            return 1;
        }
        if (annotated.size() == 1 && predicted.size() == 1) {
            return Intervals.iou(annotated.get(0), predicted.get(0));
        }
        return Intervals.iou(annotated, predicted);
    }

    /**
     * IoU of a reply with the annotation. An unparsed reply scores 0, and so does an answer to a question without an
     * interval, even where none is annotated.
     */
    public static double iou(Sample sample, ParsedReply reply) {
        boolean silent = reply.parsed().isEmpty()
                || (sample.task() == Task.GQA && reply.intervals().isEmpty());
        return silent ? 0 : iou(sample.intervals(), reply.intervals());
    }

    /**
     * Intersection over prediction: the share of the predicted time that lies in the annotation (NExT-GQA, arXiv
     * 2309.01327). An empty or reversed prediction scores 0; a reply without intervals scores its
     * {@link #iou(Sample, ParsedReply) IoU}.
     */
    public static double iop(Sample sample, ParsedReply reply) {
        if (reply.intervals().isEmpty()) {
            return iou(sample, reply);
        }
        double predicted = Intervals.length(reply.intervals());
        double common = Intervals.length(Intervals.intersect(sample.intervals(), reply.intervals()));
        return predicted <= 0 ? 0 : Math.min(1, common / predicted);
    }

    /** Whether the reply names the right option of a multiple-choice question. */
    public static boolean isRight(Sample sample, ParsedReply reply) {
        return reply.letter() != null && reply.letter().equals(sample.answer());
    }
}
