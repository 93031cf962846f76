package org.videotg.method.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.videotg.core.run.Cost;

/**
 * What an agent has done.
 *
 * @param samples judged in all, by earlier runs too
 * @param asked judged by this run
 * @param failed could not be judged
 * @param cost of all of them
 */
public record AgentSummary(
        int samples,
        int asked,
        int failed,
        @JsonProperty("usage") Cost cost) {}
