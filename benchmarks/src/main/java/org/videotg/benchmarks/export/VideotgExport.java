package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** This project's own jsonl. */
public final class VideotgExport extends ExportFormat {
    public static final String NAME = "own";

    public VideotgExport() {
        super(NAME, "this project's jsonl", "id", "video", "duration", "query", "intervals");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return Samples.toJson(sample);
    }

    @Override
    List<Path> write(List<Sample> samples, Path file) {
        Samples.write(file, samples);
        return List.of(file);
    }
}
