package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** This project's own jsonl. */
public record VideotgExport() implements ExportFormat {
    public static final String NAME = "own";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String label() {
        return "this project's jsonl";
    }

    @Override
    public List<String> columns() {
        return List.of("id", "video", "duration", "query", "intervals");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return Samples.toJson(sample);
    }

    @Override
    public Optional<String> refusal(Sample sample) {
        return Optional.empty();
    }

    @Override
    public Optional<String> caution(Sample sample) {
        return Optional.empty();
    }

    @Override
    public List<Path> write(List<Sample> samples, Path file) {
        Samples.write(file, samples);
        return List.of(file);
    }
}
