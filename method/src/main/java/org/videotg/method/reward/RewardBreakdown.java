package org.videotg.method.reward;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A reward and what it is made of.
 *
 * @param total the weighted sum
 * @param parts each reward's own score by its label, before weighting
 */
public record RewardBreakdown(double total, Map<String, Double> parts) {
    public RewardBreakdown {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }
}
