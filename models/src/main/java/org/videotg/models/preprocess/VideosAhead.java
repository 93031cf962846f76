package org.videotg.models.preprocess;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.Tensors;

/**
 * Decodes videos in other threads before they are asked for. At most as many videos as there are threads are being
 * decoded or wait, so that memory stays bounded. For use by one thread.
 */
public final class VideosAhead implements AutoCloseable {
    private final Function<VideoRef, PatchedVideo> load;
    private final Iterator<VideoRef> coming;
    private final int ahead;
    /** Null if videos are decoded when they are asked for. */
    private final ExecutorService threads;

    private final Deque<Future<PatchedVideo>> decoded = new ArrayDeque<>();

    /**
     * Begins to decode the first videos.
     *
     * @param load decodes a video; called in several threads
     * @param videos in the order in which they will be asked for
     * @param threads that decode beside the calling one; 0 decodes each video when it is asked for
     */
    public VideosAhead(Function<VideoRef, PatchedVideo> load, List<VideoRef> videos, int threads) {
        this.load = load;
        this.coming = List.copyOf(videos).iterator();
        this.ahead = threads;
        this.threads = threads == 0
                ? null
                : Executors.newFixedThreadPool(threads, task -> {
                    Thread thread = new Thread(task, "decode");
                    thread.setDaemon(true);
                    return thread;
                });
        submit();
    }

    private void submit() {
        while (decoded.size() < ahead && coming.hasNext()) {
            VideoRef video = coming.next();
            decoded.add(threads.submit(() -> {
                try (PointerScope scope = new PointerScope()) {
                    PatchedVideo patched = load.apply(video);
                    Tensors.keep(patched.patches());
                    return patched;
                }
            }));
        }
    }

    /**
     * Returns the next video; its patches belong to the open scope.
     *
     * @throws RuntimeException what decoding it has thrown; the video after it is returned by the next call
     */
    public PatchedVideo next() {
        if (threads == null) {
            return load.apply(coming.next());
        }
        try {
            PatchedVideo video = decoded.remove().get();
            PointerScope.getInnerScope().attach(video.patches());
            Tensors.release(video.patches());
            return video;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("decoding failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while a video is decoded", e);
        } finally {
            submit();
        }
    }

    /** Waits for what is being decoded, and frees what was not asked for. */
    @Override
    public void close() {
        if (threads == null) {
            return;
        }
        threads.shutdown();
        for (Future<PatchedVideo> video : decoded) {
            try {
                Tensors.release(video.get().patches());
            } catch (ExecutionException e) {
                // There is nothing to free.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
