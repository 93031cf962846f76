package org.videotg.review;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * P(yes) of each visible grid of a reflection of the form probe.
 *
 * @param grids in their order, at least one
 * @param threshold above which a grid is relevant
 */
record Probe(List<Grid> grids, double threshold) {
    /** A grid: its timestamp in seconds, and P(yes). */
    record Grid(int grid, double time, double yes) {}

    /** Seconds of a grid where only one is visible. */
    private static final double ALONE = 1;

    private static final double THRESHOLD = ReflectionSettings.defaults().probeThreshold();

    Probe {
        grids = List.copyOf(grids);
    }

    /** The probabilities of a verdict; empty if it has none. */
    static Optional<Probe> of(ReflectionVerdict verdict) {
        List<Grid> grids = new ArrayList<>();
        for (JsonNode reply : verdict.replies()) {
            if (reply.has("yes")) {
                grids.add(new Grid(
                        reply.path("grid").asInt(),
                        reply.path("time").asDouble(),
                        reply.path("yes").asDouble()));
            }
        }
        JsonNode stated = verdict.settings() == null ? null : verdict.settings().get("probeThreshold");
        double threshold = stated == null ? THRESHOLD : stated.asDouble();
        return grids.isEmpty() ? Optional.empty() : Optional.of(new Probe(grids, threshold));
    }

    /** 1 if the highest P(yes) is at the threshold, 0 if it is as far from it as can be. */
    double doubt() {
        double highest =
                grids.stream().map(Grid::yes).max(Comparator.naturalOrder()).orElseThrow();
        return 1 - Math.abs(highest - threshold) / Math.max(threshold, 1 - threshold);
    }

    /** Length of a grid in seconds: the least distance of two neighbours. */
    double seconds() {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < grids.size(); i++) {
            least = Math.min(least, grids.get(i).time() - grids.get(i - 1).time());
        }
        return least > 0 && Double.isFinite(least) ? least : ALONE;
    }
}
