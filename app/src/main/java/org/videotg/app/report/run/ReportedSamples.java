package org.videotg.app.report.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;

/** Samples and the planted truth about them. */
public final class ReportedSamples {
    private ReportedSamples() {}

    /** A sample and its video file or clip. */
    public record Located(Sample sample, VideoRef video) {}

    private record TruthRow(String id, List<Interval> intervals) {}

    static List<Located> read(Path file) {
        return Samples.read(file).stream()
                .map(sample -> new Located(sample, Samples.video(file, sample)))
                .toList();
    }

    static Map<String, List<Interval>> truth(Path file) {
        Map<String, List<Interval>> truth = new LinkedHashMap<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            TruthRow read = Json.convert(row.node(), TruthRow.class, row.where());
            if (read.id() == null || read.intervals() == null) {
                throw new org.videotg.core.io.InputException(
                        row.where() + ": \"id\" or \"intervals\" is missing; give both");
            }
            truth.put(read.id(), read.intervals());
        }
        return Collections.unmodifiableMap(truth);
    }

    /** Samples of data files that a manifest names and that still lie where they did. */
    static List<Located> named(Iterable<String> files) {
        Map<String, Located> found = new LinkedHashMap<>();
        List<Path> readable = new ArrayList<>();
        for (String file : files) {
            if (file.endsWith(".jsonl") && Files.isRegularFile(Path.of(file))) {
                readable.add(Path.of(file));
            }
        }
        readable.forEach(file ->
                read(file).forEach(located -> found.putIfAbsent(located.sample().id(), located)));
        return List.copyOf(found.values());
    }
}
