package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.sample.Sample;

/**
 * EasyR1: {@code {problem, answer, videos}}. The reward function gets {@code answer} as {@code ground_truth}: the truth as JSON
 * text. Set {@code data.prompt_key=problem}, and {@code data.image_dir} to the folder of the file.
 */
public record EasyR1Export() implements ExportFormat {
    @Override
    public String name() {
        return "easyr1";
    }

    @Override
    public String label() {
        return "EasyR1";
    }

    @Override
    public List<String> columns() {
        return List.of("problem", "answer", "videos");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return TableRows.facts(sample).put("answer", TableRows.truth(sample));
    }

    @Override
    public Optional<String> refusal(Sample sample) {
        return TableRows.refusal(sample);
    }

    @Override
    public Optional<String> caution(Sample sample) {
        return TableRows.caution(sample, "EasyR1");
    }

    @Override
    public List<Path> write(List<Sample> samples, Path file, SampleText text) {
        TableRows.write(samples, file, sample -> {
            ObjectNode row = facts(sample);
            row.put("problem", TableRows.VIDEO + text.question(sample));
            return row;
        });
        return List.of(file);
    }
}
