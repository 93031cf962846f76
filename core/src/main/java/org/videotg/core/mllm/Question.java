package org.videotg.core.mllm;

import java.util.Objects;

/**
 * One user turn: text, a video, text.
 *
 * @param before text before the video (may be empty)
 * @param after text after the video (may be empty)
 */
public record Question(VideoView view, String before, String after) {
    public Question {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }
}
