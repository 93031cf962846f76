package org.videotg.core.mllm;

import java.util.List;
import java.util.Optional;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;

/**
 * A multimodal LLM that answers questions about videos. Several threads may ask at the same time; an implementation
 * that can answer only one question at a time makes the others wait. An unreadable video is reported by
 * {@link org.videotg.core.io.InputException}.
 */
public interface Mllm extends AutoCloseable {
    /** Returns what is recorded of the model with every verdict and prediction. */
    ModelIdentity identity();

    /** Returns the temporal grids that the model samples, in seconds from the clip's start, before any mask. */
    TemporalGrids grids(VideoRef video);

    /**
     * Returns what a reader of the answers about a video should know of it, such as that its frame rate varies: a line
     * each, with its path.
     */
    default List<String> notes(VideoRef video) {
        return List.of();
    }

    /** Asks once for {@code decoding.samples()} replies. */
    Answer ask(Question question, Decoding decoding);

    /** Asks like {@link #ask(Question, Decoding)} and tells of the replies while they are drawn, at the latest at their end. */
    default Answer ask(Question question, Decoding decoding, ReplyListener listener) {
        Answer answer = ask(question, decoding);
        for (int i = 0; i < answer.replies().size(); i++) {
            listener.grown(i, answer.replies().get(i).text());
        }
        return answer;
    }

    /** Returns the optional capability to weigh yes against no. */
    default Optional<YesNo> yesNo() {
        return Optional.empty();
    }

    /** Frees the model, once every question is answered. */
    @Override
    void close();
}
