package org.videotg.core.mllm;

import java.util.List;
import org.videotg.core.run.Cost;

/**
 * A model's answer to one question.
 *
 * @param replies in order of rollout
 * @param promptTokens length of the prompt, the video's tokens included
 * @param cost of reading the video, the prompt and of generation
 */
public record Answer(List<Reply> replies, int promptTokens, Cost cost) {
    public Answer {
        replies = List.copyOf(replies);
    }

    /** Returns the texts of the replies. */
    public List<String> texts() {
        return replies.stream().map(Reply::text).toList();
    }
}
