package org.videotg.core.metric;

import org.videotg.core.prompt.ReadReply;
import org.videotg.core.reward.Reward;
import org.videotg.core.sample.Sample;

/**
 * What a reply says to a multiple-choice question about a video.
 *
 * @param letter of the chosen option; null if the reply names none
 * @param right whether it is the annotated one
 * @param iop intersection of the predicted time with the annotation over the predicted time, in [0, 1]
 */
public record GroundedAnswer(String letter, boolean right, double iop) {
    private static final Reward ANSWER = new Reward.Answer();
    private static final Reward IOP = new Reward.Iop();

    public GroundedAnswer {
        if (!(iop >= 0 && iop <= 1)) {
            throw new IllegalArgumentException("\"iop\" must lie in [0, 1], not " + iop);
        }
    }

    static GroundedAnswer of(Sample sample, ReadReply reply) {
        return new GroundedAnswer(reply.letter(), ANSWER.score(sample, reply) == 1, IOP.score(sample, reply));
    }
}
