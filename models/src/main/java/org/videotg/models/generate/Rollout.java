package org.videotg.models.generate;

/**
 * One generated continuation.
 *
 * @param ids tokens, the end token included unless truncated
 * @param logProbs log-probability of each token at temperature 1
 * @param truncated whether the limit of tokens came before an end token
 */
public record Rollout(int[] ids, float[] logProbs, boolean truncated) {}
