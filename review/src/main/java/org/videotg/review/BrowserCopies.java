package org.videotg.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Sha256;
import org.videotg.video.VideoCopy;
import org.videotg.video.VideoFile;
import org.videotg.web.WebException;

/** Copies of videos that browsers can't play, made one after the other when they are asked for, and kept. */
final class BrowserCopies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrowserCopies.class);

    private final Path folder;
    private final Map<Path, State> states = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "browser-copies");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    BrowserCopies(Path folder) {
        this.folder = folder;
    }

    /**
     * How far a copy is.
     *
     * @param state {@code running}, {@code done} or {@code failed}
     * @param share of the video that is copied, in [0, 1]
     * @param error why it failed; empty if it did not
     */
    record State(String state, double share, String error) {
        static State running(double share) {
            return new State("running", share, "");
        }
    }

    /** Starts a copy unless it has been started or is there, and returns how far it is. */
    State start(Path video) {
        return states.computeIfAbsent(video, unused -> {
            if (Files.exists(file(video))) {
                return new State("done", 1, "");
            }
            worker.execute(() -> copy(video));
            return State.running(0);
        });
    }

    private void copy(Path video) {
        try {
            VideoCopy.forBrowsers(VideoFile.open(video), file(video), share -> {
                if (closed) {
                    throw new CancellationException("the server is stopped");
                }
                states.put(video, State.running(share));
            });
            states.put(video, new State("done", 1, ""));
        } catch (CancellationException e) {
            LOG.debug("{} was not copied: {}", video, e.getMessage());
        } catch (InputException e) {
            states.put(video, new State("failed", 0, e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} can't be copied", video, e);
            states.put(video, new State("failed", 0, "it can't be copied; the server's log says why"));
        }
    }

    /** The file of a copy; a video that has changed has another one. */
    Path file(Path video) {
        try {
            String version = video.toAbsolutePath() + " " + Files.size(video) + " " + Files.getLastModifiedTime(video);
            return folder.resolve(Sha256.of(version).substring(0, 32) + ".mp4");
        } catch (IOException e) {
            throw WebException.of(404, "no_such_video", "the video of this sample is missing");
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.shutdown();
    }
}
