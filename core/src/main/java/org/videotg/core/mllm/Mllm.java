package org.videotg.core.mllm;

import java.util.List;
import java.util.Optional;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.VideoRef;

/**
 * A multimodal LLM that answers questions about videos. Implementations are used by one thread at a time.
 * Unreadable videos are reported by {@link org.videotg.core.io.InputException}.
 */
public interface Mllm extends AutoCloseable {
    /** Who answers: recorded with every verdict and prediction. */
    ModelIdentity identity();

    /** How this model samples the video: its temporal grids, in seconds from the clip's start, before any mask. */
    TemporalGrids grids(VideoRef video);

    /** Asks once and gives {@code decoding.samples()} replies, in order of rollout. */
    List<Reply> ask(Question question, Decoding decoding);

    /** The optional capability to weigh yes against no. */
    default Optional<YesNo> yesNo() {
        return Optional.empty();
    }

    /** What answering has cost since this object was made. */
    Usage usage();

    @Override
    void close();
}
