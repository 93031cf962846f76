package org.videotg.method.reward;

import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Sample;

/**
 * A user-defined reward. A recipe names it {@code class:NAME}, NAME being the class with its package; the class is
 * public, is not abstract, has a public constructor without parameters, and lies on the class path. One instance serves
 * the whole process, several threads at once, so it must be stateless.
 */
@FunctionalInterface
public interface CustomReward {
    /**
     * Scores one reply.
     *
     * @param sample with the annotation; fields of the data file that videotg does not know are in its {@code extra}
     * @param reply the raw text, and what the template's parser made of it
     * @return a finite number; use [0, 1], like the built-in rewards, to keep weights comparable
     */
    double score(Sample sample, ParsedReply reply);
}
