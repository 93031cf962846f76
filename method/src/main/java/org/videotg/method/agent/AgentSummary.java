package org.videotg.method.agent;

import org.videotg.core.mllm.Usage;

/**
 * What an agent has done.
 *
 * @param samples judged in all, by earlier runs too
 * @param asked judged by this run
 * @param failed could not be judged
 * @param usage of all of them
 */
public record AgentSummary(int samples, int asked, int failed, Usage usage) {}
