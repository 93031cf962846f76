package org.videotg.method.selection;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;

/**
 * The planted truth of a world: every interval in which a sample's query holds, by the sample's id. No agent sees it.
 */
public record PlantedTruth(Map<String, List<Interval>> intervals) {
    /** Seconds by which an annotation may differ from the truth and still be complete. */
    private static final double TOLERANCE = 1e-6;

    public PlantedTruth {
        intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
    }

    private record Row(String id, List<Interval> intervals) {}

    /**
     * Reads the rows {@code {"id","intervals"}} of a world's {@code truth.jsonl}.
     *
     * @throws InputException naming file and line of a bad row
     */
    public static PlantedTruth read(Path file) {
        Map<String, List<Interval>> truth = new LinkedHashMap<>();
        Jsonl.forEach(file, row -> {
            Row read = Json.convert(row.node(), Row.class, row.where());
            if (read.id() == null || read.intervals() == null) {
                throw new InputException(row.where() + ": \"id\" or \"intervals\" is missing; give both");
            }
            truth.put(read.id(), read.intervals());
        });
        return new PlantedTruth(truth);
    }

    /**
     * Returns whether the annotation of a sample covers every moment in which its query holds, and no other.
     *
     * @throws InputException if there is no truth about this sample
     */
    public boolean isComplete(Sample sample) {
        List<Interval> truth = intervals.get(sample.id());
        if (truth == null) {
            throw new InputException("the truth says nothing about sample \"" + sample.id()
                    + "\"; give the truth.jsonl that was written with this data");
        }
        return Intervals.length(Intervals.subtract(truth, sample.intervals()))
                        + Intervals.length(Intervals.subtract(sample.intervals(), truth))
                < TOLERANCE;
    }
}
