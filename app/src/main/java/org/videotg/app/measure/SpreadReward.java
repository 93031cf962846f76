package org.videotg.app.measure;

import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Sample;
import org.videotg.method.reward.CustomReward;

/**
 * A reward that tells any two replies apart. The replies of random weights all earn nothing, and GRPO does not train on
 * groups whose rollouts all earn the same.
 */
public final class SpreadReward implements CustomReward {
    private static final int VALUES = 1009;

    @Override
    public double score(Sample sample, ParsedReply reply) {
        return Math.floorMod(reply.text().hashCode(), VALUES) / (double) VALUES;
    }
}
