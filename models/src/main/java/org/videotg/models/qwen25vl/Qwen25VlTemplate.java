package org.videotg.models.qwen25vl;

import org.videotg.models.ModelConfig;
import org.videotg.models.config.PositionScheme;
import org.videotg.models.config.SecondPerGridRule;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.sequence.Tokenizer;

/**
 * A default system prompt, and a video as one run of visual tokens between vision_start and vision_end; time is in
 * their positions.
 */
final class Qwen25VlTemplate extends ChatTemplate {
    private static final String SYSTEM = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n";

    private final ModelConfig config;
    private final PositionScheme positions;
    private final SecondPerGridRule seconds;

    Qwen25VlTemplate(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        super(tokenizer, options.positions(), SYSTEM);
        this.config = config;
        this.positions = options.positions();
        this.seconds = options.gridSeconds();
    }

    @Override
    protected void video(SequenceBuilder sequence, String before, PromptGrids video) {
        long[] times = new long[video.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = position(video, i);
        }
        sequence.text(encode(before))
                .text(config.visionStartTokenId())
                .grids(config.videoTokenId(), times, video.height(), video.width())
                .text(config.visionEndTokenId());
    }

    /** Returns the temporal position of a grid; options that name another rule than the default are followed. */
    private long position(PromptGrids video, int grid) {
        int tokensPerSecond = config.settings(Qwen25VlConfig.class).tokensPerSecond();
        double spacing = video.spacing().seconds();
        if (video.spacing().even() || positions == PositionScheme.TRANSFORMERS || !seconds.isExact()) {
            return positions.time(video.indices()[grid], seconds.of(spacing), tokensPerSecond);
        }
        return PositionScheme.timeOf(video.timestamps()[grid], spacing, tokensPerSecond);
    }
}
