package org.videotg.models.sequence;

import java.util.List;
import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.config.GridSeconds;
import org.videotg.models.config.ModelFamily;
import org.videotg.models.config.PositionRule;
import org.videotg.models.config.QwenVlConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VisionDesign;

/**
 * The chat template of a family for one user turn of text, at most one video, and text.
 *
 * <p>Qwen2.5-VL has a default system prompt and writes a video as one run of visual tokens between vision_start and vision_end;
 * time is in their positions. Qwen3-VL has no system prompt and writes each temporal grid as {@code <t seconds>} and its visual
 * tokens between vision_start and vision_end, without an outer pair around the whole video unless that is asked for.
 */
public final class ChatTemplate {
    private static final String SYSTEM = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n";
    private static final String USER = "<|im_start|>user\n";
    private static final String ASSISTANT = "<|im_end|>\n<|im_start|>assistant\n";

    private final QwenVlConfig config;
    private final Tokenizer tokenizer;
    private final PositionRule positions;
    private final GridSeconds seconds;
    private final boolean outerPair;

    /** @throws InputException if the tokenizer and the configuration disagree about the special tokens */
    public ChatTemplate(QwenVlConfig config, Tokenizer tokenizer, VideoOptions options) {
        this.config = Objects.requireNonNull(config);
        this.tokenizer = Objects.requireNonNull(tokenizer);
        this.positions = options.positionRule();
        this.seconds = options.secondsOfGrids();
        this.outerPair = options.outerPair();
        for (String token : List.of("<|im_start|>", "<|im_end|>")) {
            if (tokenizer.encode(token).length != 1) {
                throw new InputException(
                        "the tokenizer does not know the token " + token + " of the Qwen chat template");
            }
        }
    }

    /**
     * Everything up to the end of the video: the same for every task about one view. Nothing stands for a video without grids.
     */
    public Prefix untilVideo(String before, VisibleGrids video) {
        SequenceBuilder sequence = new SequenceBuilder(positions);
        String text = (config.family() == ModelFamily.QWEN2_5_VL ? SYSTEM : "") + USER + before;
        if (video.count() == 0) {
            return sequence.text(tokenizer.encode(text)).build();
        }
        if (config.vision().design() instanceof VisionDesign.Windowed design) {
            return oneRun(sequence.text(tokenizer.encode(text)), video, design.tokensPerSecond())
                    .build();
        }
        return byTimestamps(sequence, text, video).build();
    }

    private SequenceBuilder oneRun(SequenceBuilder sequence, VisibleGrids video, int tokensPerSecond) {
        long[] times = new long[video.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = positions.time(video.indices()[i], seconds.of(video.secondsPerGrid()), tokensPerSecond);
        }
        return sequence.text(config.visionStartTokenId())
                .grids(config.videoTokenId(), times, video.height(), video.width())
                .text(config.visionEndTokenId());
    }

    private SequenceBuilder byTimestamps(SequenceBuilder sequence, String before, VisibleGrids video) {
        String text = before;
        if (outerPair) {
            sequence.text(tokenizer.encode(text)).text(config.visionStartTokenId());
            text = "";
        }
        for (double timestamp : video.timestamps()) {
            sequence.text(tokenizer.encode(text + "<" + PromptTemplate.time(timestamp) + " seconds>"))
                    .text(config.visionStartTokenId())
                    .grid(config.videoTokenId(), video.height(), video.width())
                    .text(config.visionEndTokenId());
            text = "";
        }
        return outerPair ? sequence.text(config.visionEndTokenId()) : sequence;
    }

    /** What follows the video: the task, and the header of the reply. */
    public int[] afterVideo(String after) {
        return tokenizer.encode(after + ASSISTANT);
    }

    /** A reply as it is trained on: its text and the token that ends a turn. */
    public int[] reply(String text) {
        return tokenizer.encode(text + "<|im_end|>");
    }
}
