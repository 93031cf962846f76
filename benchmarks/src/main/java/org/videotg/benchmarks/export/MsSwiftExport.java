package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.videotg.core.sample.Sample;

/**
 * ms-swift: {@code {messages, videos, solution}}. SFT learns the last message, GRPO leaves it out and hands {@code
 * solution}, the truth as JSON text, to the reward. Set {@code ROOT_IMAGE_DIR} to the folder of the file.
 */
public final class MsSwiftExport extends TableExport {
    public MsSwiftExport() {
        super("ms-swift", "ms-swift", "messages", "videos", "solution");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        return super.facts(sample).put("solution", truth(sample));
    }

    @Override
    ObjectNode row(Sample sample) {
        return withMessages(facts(sample), sample);
    }
}
