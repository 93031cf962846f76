package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.sample.Sample;

/**
 * ms-swift: {@code {messages, videos, solution}}. SFT learns the last message, GRPO leaves it out and hands {@code solution}, the
 * truth as JSON text, to the reward. Set {@code ROOT_IMAGE_DIR} to the folder of the file.
 */
public record MsSwiftExport() implements ExportFormat {
    @Override
    public String name() {
        return "ms-swift";
    }

    @Override
    public String label() {
        return "ms-swift";
    }

    @Override
    public List<String> columns() {
        return List.of("messages", "videos", "solution");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return TableRows.facts(sample).put("solution", TableRows.truth(sample));
    }

    @Override
    public Optional<String> refusal(Sample sample) {
        return TableRows.refusal(sample);
    }

    @Override
    public Optional<String> caution(Sample sample) {
        return TableRows.caution(sample, "ms-swift");
    }

    @Override
    public List<Path> write(List<Sample> samples, Path file, SampleText text) {
        TableRows.write(samples, file, sample -> {
            ObjectNode row = facts(sample);
            TableRows.messages(row, sample, text);
            return row;
        });
        return List.of(file);
    }
}
