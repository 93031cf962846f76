package org.videotg.training.data;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.Tensors;

/**
 * The decoded videos of a training step whose vision tower is trained. Rollouts, update and reference read the same
 * videos one after another; each is decoded once, as long as those of the step fit into a limit. For use by several
 * threads.
 */
public final class StepVideos implements AutoCloseable {
    /** Bytes of host memory that decoded videos may take. */
    private static final long LIMIT = 1L << 30;

    private final Function<VideoRef, PatchedVideo> load;
    private final long limit;
    private final Map<VideoRef, PatchedVideo> kept = new HashMap<>();
    private long step = -1;
    private long bytes;

    public StepVideos(Function<VideoRef, PatchedVideo> load) {
        this(load, LIMIT);
    }

    StepVideos(Function<VideoRef, PatchedVideo> load, long limit) {
        this.load = load;
        this.limit = limit;
    }

    /**
     * Returns a video. Its tensor may be used until the first call with another step.
     *
     * @param now a step; no thread may still use videos of another one
     */
    public PatchedVideo get(VideoRef video, long now) {
        Optional<PatchedVideo> found = find(video, now);
        return found.orElseGet(() -> keep(video, load.apply(video)));
    }

    private synchronized Optional<PatchedVideo> find(VideoRef video, long now) {
        if (now != step) {
            close();
            step = now;
        }
        return Optional.ofNullable(kept.get(video));
    }

    /** Keeps what fits; what does not belongs to the open scope. */
    private synchronized PatchedVideo keep(VideoRef video, PatchedVideo decoded) {
        long size = decoded.patches().nbytes();
        if (!kept.containsKey(video) && bytes + size <= limit) {
            Tensors.keep(decoded.patches());
            kept.put(video, decoded);
            bytes += size;
        }
        return decoded;
    }

    /** Frees the videos. */
    @Override
    public synchronized void close() {
        kept.values().forEach(video -> Tensors.release(video.patches()));
        kept.clear();
        bytes = 0;
    }
}
