package org.videotg.benchmarks.metric;

import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Sample;

/**
 * What a reply says to a multiple-choice question about a video.
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
        return new GroundedAnswer(reply.letter(), ReplyScores.isRight(sample, reply), ReplyScores.iop(sample, reply));
    }
}
