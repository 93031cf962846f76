package org.videotg.method.selection;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.videotg.core.run.Draw;

/**
 * A weighted draw without replacement: each candidate of weight w has the key -ln(u) / w with u uniform in (0, 1], and
 * those with the smallest keys are drawn. That is as drawing one after the other, each with a probability in proportion
 * to its weight among those that are left (Efraimidis and Spirakis, 2006). The key depends on seed, id and weight only.
 */
final class WeightedDraw {
    private WeightedDraw() {}

    private record Keyed(Candidate candidate, double key) {}

    /** Draws as many candidates as are wanted; those of weight 0 never. */
    static List<Candidate> of(
            List<Candidate> candidates, ToDoubleFunction<Candidate> weight, SelectionStrategy.Wanted wanted) {
        return candidates.stream()
                .map(candidate -> new Keyed(
                        candidate,
                        exponential(wanted.seed(), candidate.original().id()) / weight.applyAsDouble(candidate)))
                .filter(keyed -> Double.isFinite(keyed.key()))
                .sorted(Comparator.comparingDouble(Keyed::key)
                        .thenComparing(keyed -> keyed.candidate().original().id()))
                .limit(wanted.samples())
                .map(Keyed::candidate)
                .toList();
    }

    private static double exponential(long seed, String id) {
        return -Math.log(1 - Draw.uniform(seed, "weighted-draw", Draw.key(id)));
    }
}
