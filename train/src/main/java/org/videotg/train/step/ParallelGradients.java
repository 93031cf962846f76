package org.videotg.train.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.error.InputException;
import org.videotg.model.QwenVl;
import org.videotg.model.tensor.NativeRuntime;

/**
 * Data-parallel gradients inside one process. Each worker is a thread with a replica of the model whose parameters share the
 * master's storage but have gradients of their own. Item i always goes to worker i mod W, each worker takes its items in order,
 * and gradients are summed in the order of workers: the sum is the same in every run with the same number of workers.
 *
 * <p>Gradients add up over calls of {@link #run} until {@link #clear}. Used by one thread.
 */
public final class ParallelGradients implements AutoCloseable {
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    /** Gradients of every parameter. */
    public ParallelGradients(QwenVl master, int workers) {
        this(master, master.parameters().all().keySet(), workers);
    }

    /**
     * Workers over a master that must outlive them.
     *
     * @param trained names of the parameters that get gradients
     * @param workers at least 1; a single worker runs in the calling thread
     */
    public ParallelGradients(QwenVl master, Set<String> trained, int workers) {
        if (workers < 1) {
            throw new InputException("\"workers\" must be at least 1, not " + workers);
        }
        for (int i = 0; i < workers; i++) {
            this.workers.add(Worker.of(master, trained));
        }
        this.threads = workers == 1 ? null : Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "gradients");
            thread.setDaemon(true);
            return thread;
        });
    }

    public int workers() {
        return workers.size();
    }

    /**
     * Runs forward and backward of every item on some replica.
     *
     * @param forwardBackward leaves its gradients in the replica; every tensor it makes dies with the call, so its result must
     *     hold none
     * @return results in the order of items
     */
    public <T, R> List<R> run(List<T> items, BiFunction<QwenVl, T, R> forwardBackward) {
        if (threads == null) {
            return workers.get(0).run(items, 0, 1, forwardBackward);
        }
        int count = workers.size();
        List<Future<List<R>>> shares = new ArrayList<>();
        for (int w = 0; w < count; w++) {
            int first = w;
            shares.add(threads.submit(() -> {
                torch.set_num_threads(Math.max(1, NativeRuntime.threads() / count));
                return workers.get(first).run(items, first, count, forwardBackward);
            }));
        }
        // Every share is awaited before a failure is passed on: no worker may still write when the caller goes on.
        List<List<R>> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<List<R>> share : shares) {
            try {
                results.add(share.get());
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure instanceof RuntimeException unchecked ? unchecked
                    : new IllegalStateException("a worker failed: " + failure, failure);
        }
        return IntStream.range(0, items.size()).mapToObj(i -> results.get(i % count).get(i / count)).toList();
    }

    /** The same without gradients: inference on all workers. */
    public <T, R> List<R> infer(List<T> items, BiFunction<QwenVl, T, R> forward) {
        return run(items, (replica, item) -> {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                return forward.apply(replica, item);
            }
        });
    }

    /**
     * Hands the summed gradients to {@code use}: in the order of their names, zeros where nothing flowed. The sum
     * stays (as the first worker's share) until {@link #clear}.
     */
    public <R> R sum(Function<Map<String, Tensor>, R> use) {
        try (PointerScope scope = new PointerScope(); NoGradGuard noGrad = new NoGradGuard()) {
            Map<String, Tensor> sums = new LinkedHashMap<>();
            for (String name : workers.get(0).trained().keySet()) {
                Tensor sum = workers.get(0).trained().get(name).grad();
                for (Worker worker : workers.subList(1, workers.size())) {
                    Tensor share = worker.trained().get(name).grad();
                    sum.add_(share);
                    share.zero_();
                }
                sums.put(name, sum);
            }
            return use.apply(sums);
        }
    }

    /** Sets all gradients to zero. */
    public void clear() {
        try (PointerScope scope = new PointerScope(); NoGradGuard noGrad = new NoGradGuard()) {
            workers.forEach(worker -> worker.trained().values().forEach(parameter -> parameter.grad().zero_()));
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
        workers.forEach(worker -> worker.replica().parameters().close());
    }

    private record Worker(QwenVl replica, Map<String, Tensor> trained) {
        static Worker of(QwenVl master, Set<String> names) {
            try (PointerScope scope = new PointerScope()) {
                Map<String, Tensor> shared = new LinkedHashMap<>();
                // By name, so that no sum depends on the order in which a checkpoint's file lists its tensors.
                Map<String, Tensor> trained = new TreeMap<>();
                master.parameters().all().forEach((name, parameter) -> {
                    Tensor view = parameter.detach();
                    if (names.contains(name)) {
                        view.set_requires_grad(true);
                        // Gradients exist from the start, so that a parameter out of use and a resumed run are no special cases.
                        view.mutable_grad().put(torch.zeros_like(view));
                        trained.put(name, view);
                    }
                    shared.put(name, view);
                });
                return new Worker(new QwenVl(master.config(), master.parameters().replaced("replica", shared)), trained);
            }
        }

        <T, R> List<R> run(List<T> items, int first, int stride, BiFunction<QwenVl, T, R> forwardBackward) {
            List<R> results = new ArrayList<>();
            for (int i = first; i < items.size(); i += stride) {
                try (PointerScope scope = new PointerScope()) {
                    results.add(forwardBackward.apply(replica, items.get(i)));
                }
            }
            return results;
        }
    }
}
