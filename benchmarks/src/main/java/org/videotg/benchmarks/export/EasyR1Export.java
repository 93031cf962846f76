package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.videotg.core.sample.Sample;

/**
 * EasyR1: {@code {problem, answer, videos}}. The reward function gets {@code answer} as {@code ground_truth}: the truth
 * as JSON text. Set {@code data.prompt_key=problem}, and {@code data.image_dir} to the folder of the file.
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
    ObjectNode row(Sample sample) {
        return facts(sample).put("problem", prompt(sample));
    }
}
