package org.videotg.models.sequence;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Limit;
import org.videotg.models.config.PositionScheme;

/**
 * A chat template in the format ChatML for one user turn of text, at most one video, and text. Subclasses write the
 * video.
 */
public abstract class ChatTemplate {
    private static final String START = "<|im_start|>";
    private static final String END = "<|im_end|>";

    private final Tokenizer tokenizer;
    private final PositionScheme positions;
    private final String system;
    private final String opening;

    /**
     * Makes a template.
     *
     * @param system what stands before the user's turn, possibly nothing
     * @throws InputException if the tokenizer lacks the special tokens
     */
    protected ChatTemplate(Tokenizer tokenizer, PositionScheme positions, String system) {
        this.tokenizer = tokenizer;
        this.positions = positions;
        this.system = system;
        this.opening = system + START + "user\n";
        for (String token : List.of(START, END)) {
            if (tokenizer.encode(token).length != 1) {
                throw new InputException("the tokenizer does not know the token " + token + " of the chat template");
            }
        }
    }

    /**
     * Checks that a checkpoint's own chat template, if it has one, writes prompts as this one does.
     *
     * @throws InputException naming the text that it adds or leaves out
     */
    public void check(Path folder) {
        TemplateFile.read(folder).ifPresent(file -> file.check(system));
    }

    /**
     * Returns the tokens up to the end of the video, which all questions about one masked view share. A video without
     * grids adds none.
     *
     * @param before text of the user's turn before the video
     */
    public Prefix prefix(String before, PromptGrids video) {
        SequenceBuilder sequence = new SequenceBuilder(positions);
        if (video.count() == 0) {
            sequence.text(encode(opening + before));
        } else {
            video(sequence, opening + before, video);
        }
        return sequence.build();
    }

    /**
     * Writes a video with at least one grid.
     *
     * @param before the text before it, written first
     */
    protected abstract void video(SequenceBuilder sequence, String before, PromptGrids video);

    /** Returns the tokens of a text. */
    protected int[] encode(String text) {
        Limit.PROMPT_CHARACTERS.check(text.length(), "prompt");
        return tokenizer.encode(text);
    }

    /** Returns what follows the video: the task, and the header of the reply. */
    public int[] afterVideo(String after) {
        return encode(after + END + "\n" + START + "assistant\n");
    }

    /** Returns a reply as it is trained on: its text and the token that ends a turn. */
    public int[] reply(String text) {
        return encode(text + END);
    }
}
