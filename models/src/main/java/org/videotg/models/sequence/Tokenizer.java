package org.videotg.models.sequence;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.videotg.core.io.InputException;
import org.videotg.core.run.NativeSettings;

/** The tokenizer of a checkpoint ({@code tokenizer.json}). It never truncates, pads or adds special tokens. */
public final class Tokenizer implements AutoCloseable {
    /**
     * The regular expression by which the small model's tokenizer cuts a text into pieces; Java matches the same
     * pieces.
     */
    public static final String SMALL_MODEL_PIECES = " ?[\\p{L}]+ (?=[0-9])|, (?=[0-9])|\\([A-Z]\\)(?: (?=[0-9]))?"
            + "|\\.[0-9](?: seconds[>?])?|[0-9]{1,2}| ?[\\p{L}]+|\\s+|[^\\s\\p{L}0-9]+";

    private final HuggingFaceTokenizer tokenizer;
    private final long largestId;

    private Tokenizer(HuggingFaceTokenizer tokenizer, long largestId) {
        this.tokenizer = tokenizer;
        this.largestId = largestId;
    }

    /** @throws InputException if the file is missing, can't be read, or holds what videotg does not allow */
    public static Tokenizer load(Path file) {
        NativeSettings.apply();
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + " does not exist; a checkpoint needs its tokenizer.json");
        }
        long largestId = TokenizerCheck.check(file);
        try {
            return new Tokenizer(
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optAddSpecialTokens(false)
                            .optTruncation(false)
                            .optPadding(false)
                            .build(),
                    largestId);
        } catch (IOException | RuntimeException e) {
            throw new InputException(file + " is not a tokenizer that can be read (" + e.getMessage() + ")", e);
        }
    }

    /** The largest id that a text can have. */
    public long largestId() {
        return largestId;
    }

    /** Returns the token ids of a text; special tokens written in it are recognised. */
    public int[] encode(String text) {
        return text.isEmpty()
                ? new int[0]
                : Arrays.stream(tokenizer.encode(text, false, false).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
    }

    /** Returns the text of ids, without special tokens. */
    public String decode(int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
