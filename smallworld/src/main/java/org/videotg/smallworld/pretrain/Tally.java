package org.videotg.smallworld.pretrain;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sums of what a step's items report, by name; figures are means unless they are counts of the vision labels. */
final class Tally {
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    void add(String name, double value) {
        sums.merge(name, value, Double::sum);
        counts.merge(name, 1, Integer::sum);
    }

    void add(Tally other) {
        other.sums.forEach((name, sum) -> sums.merge(name, sum, Double::sum));
        other.counts.forEach((name, count) -> counts.merge(name, count, Integer::sum));
    }

    Map<String, Object> means() {
        Map<String, Object> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, Math.rint(1e4 * sum / counts.get(name)) / 1e4));
        return means;
    }
}
