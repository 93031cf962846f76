package org.videotg.core.run;

import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/** Work on many items, of which a limited number is in flight at a time, such as questions to a model. */
public final class InFlight {
    private InFlight() {}

    /**
     * Works on items until there are none. An item is requested when there is a free place for it, so that an iterator
     * can end early by what has been finished, and memory does not grow with the number of items. After a failure no
     * further item is begun; what is in flight is finished first, then the first failure is thrown.
     *
     * @param parallel items in flight, at least 1; 1 works on the calling thread
     * @param items used by the calling thread only
     * @param work run by several threads at the same time
     * @param done takes each result as it comes; called by the calling thread only
     */
    public static <T, R> void forEach(int parallel, Iterator<T> items, Function<T, R> work, Consumer<R> done) {
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel must be at least 1, not " + parallel);
        }
        if (parallel == 1) {
            while (items.hasNext()) {
                done.accept(work.apply(items.next()));
            }
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(parallel, task -> {
            Thread thread = new Thread(task, "in flight");
            thread.setDaemon(true);
            return thread;
        });
        try {
            run(parallel, items, work, done, new ExecutorCompletionService<>(threads));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the work was interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T, R> void run(
            int parallel,
            Iterator<T> items,
            Function<T, R> work,
            Consumer<R> done,
            ExecutorCompletionService<R> completions)
            throws InterruptedException {
        Throwable failure = null;
        for (int running = 0; ; running--) {
            while (failure == null && running < parallel && items.hasNext()) {
                T item = items.next();
                completions.submit(() -> work.apply(item));
                running++;
            }
            if (running == 0) {
                break;
            }
            try {
                done.accept(completions.take().get());
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }
}
