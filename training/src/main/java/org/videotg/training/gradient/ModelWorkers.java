package org.videotg.training.gradient;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.Model;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NativeRuntime.BlasThreads;
import org.videotg.models.tensor.Tensors;

/**
 * Threads that run a model on many items at once, for rollouts and for gradients. Each has a replica whose parameters
 * share the storage of the model, the master, but have gradients of their own. In a type below float32 a replica
 * computes with rounded copies of the master's parameters; gradients pass through the rounding and accumulate in the
 * master's type.
 *
 * <p>Item i always goes to worker i mod W, each worker processes its items in order, and gradients are summed in the
 * order of the workers, so the sum is the same to the bit in every run with the same number of workers. Gradients
 * accumulate over calls of {@link #run} until {@link #clear}. For use by one thread.
 */
public final class ModelWorkers implements AutoCloseable {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    /** Creates workers that compute in the master's type. */
    public ModelWorkers(Model master, Set<String> trained, int workers) {
        this(master, trained, workers, master.type());
    }

    /**
     * Creates workers.
     *
     * @param master must outlive this object
     * @param trained names of the parameters that get gradients
     * @param workers at least 1; a single worker runs in the calling thread
     * @param type in which the workers compute
     */
    public ModelWorkers(Model master, Set<String> trained, int workers, torch.ScalarType type) {
        if (workers < 1) {
            throw new InputException("\"workers\" must be at least 1, not " + workers);
        }
        if (workers > 1) {
            BlasThreads.single();
        }
        try (PointerScope scope = new PointerScope()) {
            // Frozen parameters are rounded once for all workers.
            Map<String, Tensor> frozen = new LinkedHashMap<>();
            master.parameters().all().forEach((name, parameter) -> {
                if (trained.contains(name)) {
                    parameters.put(name, parameter);
                } else {
                    frozen.put(name, parameter.detach().to(type));
                }
            });
            for (int i = 0; i < workers; i++) {
                this.workers.add(Worker.of(master, trained, frozen, type));
            }
        }
        this.threads = workers == 1
                ? null
                : Executors.newFixedThreadPool(workers, task -> {
                    Thread thread = new Thread(task, "model-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Returns the master's parameters that are trained, by name. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** Returns a model that computes as the workers do; the calling thread may use it between runs. */
    public Model replica() {
        return workers.get(0).replica();
    }

    /** Rounds the master's parameters again after they have changed. */
    public void refresh() {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            workers.forEach(worker -> worker.rounded()
                    .forEach((name, copy) -> copy.copy_(worker.trained().get(name))));
        }
    }

    /**
     * Runs a forward and backward pass for every item.
     *
     * @param forwardBackward leaves its gradients in the replica; the tensors it creates are freed after the call, so
     *     its result must not hold any
     * @return results in the order of the items
     */
    public <T, R> List<R> run(List<T> items, BiFunction<Model, T, R> forwardBackward) {
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
        // A failure is thrown only when every worker has ended: none may still write gradients afterwards.
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
            throw failure instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("a worker failed: " + failure, failure);
        }
        return IntStream.range(0, items.size())
                .mapToObj(i -> results.get(i % count).get(i / count))
                .toList();
    }

    /** Runs inference, without gradients, for every item. */
    public <T, R> List<R> infer(List<T> items, BiFunction<Model, T, R> forward) {
        return run(items, (replica, item) -> {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                return forward.apply(replica, item);
            }
        });
    }

    /**
     * Passes the summed gradients to {@code use}, ordered by name; a parameter that took part in no pass has zeros. The
     * sum remains, as the first worker's share, until {@link #clear}.
     */
    public <R> R sum(Function<Map<String, Tensor>, R> use) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
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
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            workers.forEach(worker -> worker.trained()
                    .values()
                    .forEach(parameter -> parameter.grad().zero_()));
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
        workers.forEach(Worker::close);
    }

    /**
     * A worker.
     *
     * @param trained leaves that share the master's storage and accumulate gradients
     * @param rounded copies of some of them that the replica computes with; empty in the master's type
     */
    private record Worker(Model replica, Map<String, Tensor> trained, Map<String, Tensor> rounded) {
        static Worker of(Model master, Set<String> names, Map<String, Tensor> frozen, torch.ScalarType type) {
            try (PointerScope scope = new PointerScope()) {
                // An adapter's factors are small and compute in their own type.
                Set<String> factors = master.parameters().updates().values().stream()
                        .flatMap(update -> Stream.of(update.down(), update.up()))
                        .collect(Collectors.toSet());
                Map<String, Tensor> rounded = new LinkedHashMap<>();
                Map<String, Tensor> shared = new LinkedHashMap<>();
                // Ordered by name, so that no sum depends on the order of the tensors in the checkpoint's file.
                Map<String, Tensor> trained = new TreeMap<>();
                master.parameters().all().forEach((name, parameter) -> {
                    if (!names.contains(name)) {
                        shared.put(name, frozen.get(name));
                        return;
                    }
                    Tensor view = parameter.detach();
                    view.set_requires_grad(true);
                    // Gradients exist from the start, so unused parameters and resumed runs need no special case.
                    view.mutable_grad().put(torch.zeros_like(view));
                    trained.put(name, view);
                    if (view.scalar_type().intern() == type.intern() || factors.contains(name)) {
                        shared.put(name, view);
                    } else {
                        // The replica owns only the copy.
                        Tensors.keep(view);
                        rounded.put(name, view.to(type));
                        shared.put(name, rounded.get(name));
                    }
                });
                return new Worker(
                        new Model(master.config(), master.parameters().replaced("replica", shared)), trained, rounded);
            }
        }

        void close() {
            rounded.keySet().forEach(name -> Tensors.release(trained.get(name)));
            replica.close();
        }

        <T, R> List<R> run(List<T> items, int first, int stride, BiFunction<Model, T, R> forwardBackward) {
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
