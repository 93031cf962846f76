package org.videotg.method.selection;

import java.util.Comparator;
import java.util.List;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;

/** The seeded order in which agents and selection go through samples. */
public final class SampleOrder {
    private SampleOrder() {}

    /** A random order that depends on the seed and the ids only, not on the order in the file. */
    public static List<Sample> of(List<Sample> samples, long seed) {
        return samples.stream()
                .sorted(Comparator.comparingLong((Sample sample) -> rank(sample.id(), seed))
                        .thenComparing(Sample::id))
                .toList();
    }

    private static long rank(String id, long seed) {
        return Draw.bits(seed, "sample-order", Draw.key(id));
    }
}
