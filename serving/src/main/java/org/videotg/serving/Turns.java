package org.videotg.serving;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.videotg.web.WebException;

/** Lets a limited number of requests ask the model at a time, in the order in which they came. */
final class Turns {
    private final Semaphore model;

    Turns(int requests) {
        this.model = new Semaphore(requests, true);
    }

    /** Returns how many requests wait. */
    int waiting() {
        return model.getQueueLength();
    }

    /**
     * Waits for the model and asks it.
     *
     * @throws WebException (504) if the turn does not come in time
     */
    <T> T take(Duration time, Callable<T> question) throws Exception {
        if (!model.tryAcquire(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS)) {
            throw WebException.of(504, "timeout", "the model was busy for too long; try again");
        }
        try {
            return question.call();
        } finally {
            model.release();
        }
    }
}
