package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.videotg.core.sample.Sample;

/**
 * EasyR1: {@code {problem, answer, videos}}. The reward function gets {@code answer} as {@code ground_truth}: the truth as JSON
 * text. Set {@code data.prompt_key=problem}, and {@code data.image_dir} to the folder of the file.
 */
public final class EasyR1Export extends TableExport {
    public EasyR1Export() {
        super("easyr1", "EasyR1", "problem", "answer", "videos");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return super.facts(sample).put("answer", truth(sample));
    }

    @Override
    public List<Path> write(List<Sample> samples, Path file, SampleText text) {
        writeRows(samples, file, sample -> facts(sample).put("problem", VIDEO + text.question(sample)));
        return List.of(file);
    }
}
