package org.videotg.client;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a video travels to a server. */
public enum VideoForm {
    /** As the kind of server takes it best. */
    AUTO,
    /** The file itself, once; clip and mask are told beside it: {@code videotg serve} only. */
    UPLOAD,
    /** The sampled clip as a video in a data URL. */
    URL,
    /** The sampled clip as a file in a folder that the server sees at the same path. */
    PATH,
    /**
     * As {@link #PATH}, but each frame stands at its place among all frames of the source, with black ones between them:
     * a server that samples evenly takes the frames that are meant, with their times. {@code transformers serve} with
     * Qwen3-VL only.
     */
    SPREAD,
    /** The sampled frames as one video of pictures in a data URL, with the frames' numbers beside it: vLLM only. */
    SEQUENCE,
    /** The sampled frames as pictures, each after its time as text. */
    FRAMES;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
