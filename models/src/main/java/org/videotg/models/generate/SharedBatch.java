package org.videotg.models.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.videotg.core.run.Cost;
import org.videotg.models.Model;
import org.videotg.models.generate.Generator.Generated;
import org.videotg.models.generate.Generator.Request;

/**
 * Draws rollouts for several threads at once: requests that come while others are computed join their batch. The
 * threads take turns, and the one whose turn it is computes the next token of all rollouts.
 */
final class SharedBatch implements AutoCloseable {
    /** Rollouts that are continued together at most; further requests wait. */
    private static final int ROWS = 64;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Queue<Waiting> arrivals = new ConcurrentLinkedQueue<>();
    /** Those in the batch. */
    private final List<Waiting> joined = new ArrayList<>();

    private final Batch batch;

    SharedBatch(Model model, Set<Integer> endTokens) {
        this.batch = new Batch(model, endTokens);
    }

    /**
     * Rollouts and what they cost.
     *
     * @param cpuSeconds of the request's own prompt, and its share of the steps with others
     */
    record Drawn(Generated generated, double cpuSeconds) {}

    /** A request and what has become of it. */
    private static final class Waiting {
        private final Request request;
        private Batch.Member member;
        private Throwable failure;
        private double cpuSeconds;

        Waiting(Request request) {
            this.request = request;
        }

        boolean isDone() {
            return failure != null || (member != null && member.isDone());
        }
    }

    /**
     * Draws the rollouts of a request. Its prompt and its watcher are called by any thread that draws.
     *
     * @param between called by the calling thread after each of its turns; what it throws ends the drawing
     */
    Drawn draw(Request request, Runnable between) {
        Waiting waiting = new Waiting(request);
        arrivals.add(waiting);
        try {
            for (boolean done = false; !done; ) {
                done = exclusively(() -> {
                    if (!waiting.isDone()) {
                        advance();
                    }
                    return waiting.isDone();
                });
                between.run();
            }
        } catch (RuntimeException | Error e) {
            exclusively(() -> {
                leave(waiting);
                return null;
            });
            throw e;
        }
        if (waiting.failure instanceof Error error) {
            throw error;
        }
        if (waiting.failure != null) {
            throw (RuntimeException) waiting.failure;
        }
        return new Drawn(waiting.member.generated(), waiting.cpuSeconds);
    }

    /** Computes something with the model while no thread draws. */
    <T> T exclusively(Supplier<T> computation) {
        turn.lock();
        try {
            return computation.get();
        } finally {
            turn.unlock();
        }
    }

    /** Lets requests join up to {@link #ROWS}, and draws the next token of all. */
    private void advance() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Waiting next = arrivals.peek();
                    next != null && batch.fits(next.request.decoding(), ROWS);
                    next = arrivals.peek()) {
                arrivals.remove();
                join(next);
            }
            if (!batch.isEmpty()) {
                step();
            }
            joined.removeIf(Waiting::isDone);
        }
    }

    private void join(Waiting waiting) {
        Cost.Meter meter = Cost.meter();
        try {
            waiting.member = batch.join(waiting.request);
            joined.add(waiting);
        } catch (RuntimeException | Error e) {
            waiting.failure = e;
        }
        waiting.cpuSeconds = meter.cost(0).cpuSeconds();
    }

    private void step() {
        Cost.Meter meter = Cost.meter();
        List<Waiting> advancing =
                joined.stream().filter(waiting -> !waiting.isDone()).toList();
        int rows = advancing.stream().mapToInt(waiting -> waiting.member.rows()).sum();
        double[] shares = advancing.stream()
                .mapToDouble(waiting -> waiting.member.rows() / (double) rows)
                .toArray();
        try {
            batch.step();
        } catch (RuntimeException | Error e) {
            // Which of them is to blame is unknown, and the state of their caches too.
            advancing.forEach(waiting -> waiting.failure = e);
            batch.close();
        }
        double spent = meter.cost(0).cpuSeconds();
        for (int i = 0; i < shares.length; i++) {
            advancing.get(i).cpuSeconds += spent * shares[i];
        }
    }

    private void leave(Waiting waiting) {
        arrivals.remove(waiting);
        joined.remove(waiting);
        if (waiting.member != null) {
            batch.leave(waiting.member);
        }
    }

    @Override
    public void close() {
        exclusively(() -> {
            batch.close();
            return null;
        });
    }
}
