package org.videotg.model.sequence;

import java.util.List;
import java.util.Objects;
import org.videotg.core.error.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.model.config.QwenVlConfig;
import org.videotg.model.tokenizer.Tokenizer;

/**
 * The chat template of Qwen3-VL for one user turn of text, one video and text. Each temporal grid is written as
 * {@code <t seconds>} and its visual tokens between vision_start and vision_end, without an outer pair around the whole
 * video. There is no system prompt.
 */
public final class ChatTemplate {
    private static final String USER = "<|im_start|>user\n";
    private static final String ASSISTANT = "<|im_end|>\n<|im_start|>assistant\n";

    private final QwenVlConfig config;
    private final Tokenizer tokenizer;

    /** @throws InputException if the tokenizer and the configuration disagree about the special tokens */
    public ChatTemplate(QwenVlConfig config, Tokenizer tokenizer) {
        this.config = Objects.requireNonNull(config);
        this.tokenizer = Objects.requireNonNull(tokenizer);
        for (String token : List.of("<|im_start|>", "<|im_end|>")) {
            if (tokenizer.encode(token).length != 1) {
                throw new InputException("the tokenizer does not know the token " + token + " of the Qwen chat template");
            }
        }
    }

    /**
     * Everything up to the end of the video: the same for every task about one view.
     *
     * @param timestamps seconds of the visible grids
     * @param gridHeight merged units of a grid's height
     * @param gridWidth merged units of a grid's width
     */
    public Prefix untilVideo(String before, double[] timestamps, int gridHeight, int gridWidth) {
        SequenceBuilder sequence = new SequenceBuilder();
        String text = USER + before;
        for (double timestamp : timestamps) {
            sequence.text(tokenizer.encode(text + "<" + PromptTemplate.time(timestamp) + " seconds>"))
                    .text(config.visionStartTokenId()).grid(config.videoTokenId(), gridHeight, gridWidth)
                    .text(config.visionEndTokenId());
            text = "";
        }
        return text.isEmpty() ? sequence.build() : sequence.text(tokenizer.encode(text)).build();
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
