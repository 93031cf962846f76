package org.videotg.models.qwen3vl;

import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.ModelConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.sequence.Tokenizer;

/**
 * No system prompt; each temporal grid as {@code <t seconds>} and its visual tokens between vision_start and
 * vision_end, without an outer pair around the whole video unless the options ask for one.
 */
final class Qwen3VlTemplate extends ChatTemplate {
    private final ModelConfig config;
    private final boolean outerPair;

    Qwen3VlTemplate(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        super(tokenizer, options.positions(), "");
        this.config = config;
        this.outerPair = options.outerPair();
    }

    @Override
    protected void video(SequenceBuilder sequence, String before, PromptGrids video) {
        String text = before;
        if (outerPair) {
            sequence.text(encode(text)).text(config.visionStartTokenId());
            text = "";
        }
        for (double timestamp : video.timestamps()) {
            sequence.text(encode(text + "<" + PromptTemplate.time(timestamp) + " seconds>"))
                    .text(config.visionStartTokenId())
                    .grid(config.videoTokenId(), video.height(), video.width())
                    .text(config.visionEndTokenId());
            text = "";
        }
        if (outerPair) {
            sequence.text(config.visionEndTokenId());
        }
    }
}
