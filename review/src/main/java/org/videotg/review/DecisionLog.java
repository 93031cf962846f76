package org.videotg.review;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.JsonlLog;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;

/**
 * The file of decisions while people review. Several threads may append; another process can't open the same file. What
 * {@link #append} has returned from survives a kill and a power failure.
 */
public final class DecisionLog implements AutoCloseable {
    private final FolderLock lock;
    private final JsonlLog log;
    private final List<ReviewDecision> rows;
    private Decisions decisions;

    private DecisionLog(FolderLock lock, JsonlLog log) {
        this.lock = lock;
        this.log = log;
        this.rows = new ArrayList<>(Decisions.rows(log.rows()));
        this.decisions = Decisions.of(rows);
    }

    /**
     * Opens a file that may not exist yet; a half-written last row, which nobody saw as saved, is cut off.
     *
     * @param timeout how long to wait for another process that holds the file
     * @throws org.videotg.core.io.InputException if it is still held then, or has a bad row
     */
    public static DecisionLog open(Path file, Duration timeout) {
        FolderLock lock = FolderLock.beside(file, timeout);
        try {
            return new DecisionLog(lock, JsonlLog.open(file));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Stores a decision and forces it to the medium. */
    public synchronized void append(ReviewDecision decision) {
        log.appendEditable(decision);
        log.force();
        rows.add(decision);
        decisions = Decisions.of(rows);
    }

    /** The decisions so far; later ones do not change what is returned. */
    public synchronized Decisions decisions() {
        return decisions;
    }

    @Override
    public void close() {
        log.close();
        lock.close();
    }
}
