package org.videotg.training.gradient;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.Model;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NativeRuntime.BlasThreads;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.distributed.FlatLayout;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.distributed.RanksStoppedException;
import org.videotg.training.distributed.SingleProcess;

/**
 * Threads that run a model on many items at once, for rollouts and for gradients. Each has a replica whose parameters
 * share the storage of the model, the master, but have gradients of their own. In a type below float32 a replica
 * computes with rounded copies of the master's parameters; gradients pass through the rounding and accumulate in the
 * master's type.
 *
 * <p>Which worker gets an item depends on the items' lengths and the number of workers alone, each worker processes its
 * items in order, and gradients are summed in the order of the workers, so the sum is the same to the bit in every run
 * with the same number of workers. Gradients accumulate over calls of {@link #run} until {@link #clear}. For use by one
 * thread.
 *
 * <p>Workers may be spread over the ranks of a {@link ProcessGroup}, the same number in each: the first rank has the
 * first workers. Results and sums are those of as many workers in one process, in every rank. Gradients are sent to the
 * other ranks while the last items are in their backward pass, so one job between two calls of {@link #clear} may make any.
 */
public final class ModelWorkers implements AutoCloseable {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final ProcessGroup group;
    private final FlatLayout layout;
    private final boolean sharded;
    /** Whether the masters have no values, except the slices of this rank. */
    private final boolean freed;

    private final Map<String, Tensor> slices = new LinkedHashMap<>();
    /** The gradients of each worker in one tensor; empty in a single process. */
    private final List<Tensor> flat = new ArrayList<>();

    /** Null in a single process. */
    private final GradientExchange exchange;

    private final ExecutorService threads;
    /** Null in a single process. */
    private final UpdateThread update;

    /**
     * What a worker does with its items.
     *
     * @param <T> items
     * @param <R> results
     */
    @FunctionalInterface
    public interface Pass<T, R> {
        /**
         * Processes a worker's items, and leaves gradients in the replica. The tensors that it creates are freed after
         * the call, so results must not hold any.
         *
         * @param progress to be run now and then, so that other ranks know that this one is not stuck
         * @return a result for each item, in their order
         */
        List<R> run(Model replica, List<T> items, Runnable progress);

        /** Processes one item after another; their tensors are freed after each. */
        static <T, R> Pass<T, R> each(BiFunction<Model, T, R> pass) {
            return new Each<>(pass);
        }
    }

    /** Processes one item after another. */
    private record Each<T, R>(BiFunction<Model, T, R> pass) implements Pass<T, R> {
        @Override
        public List<R> run(Model replica, List<T> items, Runnable progress) {
            return run(replica, items, progress, () -> {});
        }

        /** @param last is run before the last item, if there is one */
        List<R> run(Model replica, List<T> items, Runnable progress, Runnable last) {
            List<R> results = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                if (i == items.size() - 1) {
                    last.run();
                }
                try (PointerScope scope = new PointerScope()) {
                    results.add(pass.apply(replica, items.get(i)));
                }
                progress.run();
            }
            return results;
        }
    }

    /**
     * Items and what workers do with them.
     *
     * @param length of an item, in tokens or any other unit of work
     * @param result class of the results, which JSON can hold
     */
    public record Job<T, R>(List<T> items, ToLongFunction<T> length, Class<R> result, Pass<T, R> pass) {
        /** Returns the job without gradients. */
        public Job<T, R> inference() {
            return new Job<>(items, length, result, (replica, share, progress) -> {
                try (NoGradGuard noGrad = new NoGradGuard()) {
                    return pass.run(replica, share, progress);
                }
            });
        }
    }

    /** Creates workers in this process that compute in the master's type. */
    public ModelWorkers(Model master, Set<String> trained, int workers) {
        this(master, trained, workers, master.type(), Spread.SINGLE);
    }

    /**
     * The ranks over which workers are spread.
     *
     * @param group must outlive the workers
     * @param sharded whether each rank updates its slices of the parameters alone; masters are then freed, except these
     *     slices, where workers compute with rounded copies
     * @param bucket elements of the gradients that are exchanged together
     */
    public record Spread(ProcessGroup group, boolean sharded, long bucket) {
        /** This process alone. */
        public static final Spread SINGLE = new Spread(new SingleProcess(), false);

        public Spread(ProcessGroup group, boolean sharded) {
            this(group, sharded, FlatLayout.BUCKET);
        }
    }

    /**
     * Creates workers.
     *
     * @param master must outlive this object
     * @param trained names of the parameters that get gradients
     * @param workers of each rank, at least 1; a single worker runs in the calling thread
     * @param type in which the workers compute
     */
    public ModelWorkers(Model master, Set<String> trained, int workers, torch.ScalarType type, Spread spread) {
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
            Map<String, Integer> layers = GradientExchange.layers(parameters.keySet(), master.names());
            this.layout = FlatLayout.of(
                    GradientExchange.ordered(parameters, layers), spread.group().size(), spread.bucket());
            for (int i = 0; i < workers; i++) {
                this.workers.add(Worker.of(master, trained, frozen, type));
            }
            this.group = spread.group();
            this.sharded = spread.sharded();
            this.freed = sharded && this.workers.get(0).rounded().keySet().containsAll(parameters.keySet());
            if (freed) {
                freeMasters();
            }
            // Gradients exist from the start, so unused parameters and resumed runs need no special case.
            for (Worker worker : this.workers) {
                if (group.size() == 1) {
                    worker.trained()
                            .values()
                            .forEach(leaf -> leaf.mutable_grad().put(torch.zeros_like(leaf)));
                    continue;
                }
                Tensor all = Tensors.keep(Tensors.empty(master.device(), torch.ScalarType.Float, layout.length())
                        .zero_());
                flat.add(all);
                worker.trained().forEach((name, leaf) -> leaf.mutable_grad().put(layout.view(all, name)));
            }
        }
        this.exchange = group.size() == 1
                ? null
                : new GradientExchange(
                        group, layout, flat, GradientExchange.layers(parameters.keySet(), master.names()));
        this.threads = workers == 1 ? null : threads("model-worker", workers);
        this.update = group.size() == 1 ? null : new UpdateThread(NativeRuntime.threads() * group.size());
    }

    /** Frees the storage of the masters, which leaves have in common with them; only its size and shape are used. */
    private void freeMasters() {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            owned(parameters).forEach((key, slice) -> slices.put(key, Tensors.keep(slice.clone())));
            parameters
                    .values()
                    .forEach(master -> master.storage().unsafeGetStorageImpl().reset());
        }
    }

    static ExecutorService threads(String name, int count) {
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns the master's parameters that are trained, by name; see {@link #withValues} for their values. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** Returns a model that computes as the workers do; the calling thread may use it between runs. */
    public Model replica() {
        return workers.get(0).replica();
    }

    /** Returns whether each rank updates its slices of the parameters alone. */
    public boolean isSharded() {
        return sharded;
    }

    /** Rounds the master's parameters again after they have changed. */
    public void refresh() {
        if (freed) {
            return;
        }
        try (NoGradGuard noGrad = new NoGradGuard()) {
            workers.forEach(worker -> worker.rounded()
                    .forEach((name, copy) -> copy.copy_(worker.trained().get(name))));
        }
    }

    /**
     * Runs a forward and backward pass for every item of a job, in any rank.
     *
     * @return results in the order of the items, in every rank the same
     * @throws RanksStoppedException in all ranks if one was asked to stop
     */
    public <T, R> List<R> run(Job<T, R> job) {
        List<T> items = job.items();
        List<List<Integer>> shares =
                Shares.of(items.stream().mapToLong(job.length()).toArray(), group.size() * workers.size());
        List<List<R>> results = new ArrayList<>();
        if (group.size() == 1) {
            results.addAll(local(job, shares));
        } else {
            int first = group.rank() * workers.size();
            if (job.pass() instanceof Each && exchange.hasBegun()) {
                throw new IllegalStateException("the gradients have been sent to other ranks already");
            }
            List<R> mine = local(job, shares.subList(first, first + workers.size())).stream()
                    .flatMap(List::stream)
                    .toList();
            List<List<R>> byRank = group.gather(mine, job.result());
            if (group.isStopping()) {
                exchange.await();
                throw new RanksStoppedException();
            }
            for (int rank = 0; rank < group.size(); rank++) {
                int at = 0;
                for (List<Integer> share : shares.subList(rank * workers.size(), (rank + 1) * workers.size())) {
                    results.add(byRank.get(rank).subList(at, at + share.size()));
                    at += share.size();
                }
            }
        }
        return ordered(shares, results, items.size());
    }

    /** Runs a forward and backward pass for every item in a single process; item i goes to worker i mod W. */
    public <T, R> List<R> run(List<T> items, BiFunction<Model, T, R> pass) {
        if (group.size() > 1) {
            throw new IllegalStateException("several ranks need a job");
        }
        List<List<Integer>> shares = Shares.of(new long[items.size()], workers.size());
        return ordered(shares, local(new Job<>(items, item -> 1, null, Pass.each(pass)), shares), items.size());
    }

    private static <R> List<R> ordered(List<List<Integer>> shares, List<List<R>> results, int items) {
        List<R> ordered = new ArrayList<>(Collections.nCopies(items, null));
        for (int worker = 0; worker < shares.size(); worker++) {
            for (int i = 0; i < shares.get(worker).size(); i++) {
                ordered.set(shares.get(worker).get(i), results.get(worker).get(i));
            }
        }
        return ordered;
    }

    /** Runs the workers of this rank. */
    private <T, R> List<List<R>> local(Job<T, R> job, List<List<Integer>> shares) {
        if (threads == null) {
            return List.of(run(0, job, shares.get(0)));
        }
        int count = workers.size();
        List<Future<List<R>>> running = new ArrayList<>();
        for (int w = 0; w < count; w++) {
            int number = w;
            running.add(threads.submit(() -> {
                torch.set_num_threads(Math.max(1, NativeRuntime.threads() / count));
                return run(number, job, shares.get(number));
            }));
        }
        // A failure is thrown only when every worker has ended: none may still write gradients afterwards.
        List<List<R>> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<List<R>> share : running) {
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
        return results;
    }

    /** Runs a worker. With gradients that will be exchanged, those of its last item are sent layer by layer. */
    private <T, R> List<R> run(int number, Job<T, R> job, List<Integer> share) {
        Worker worker = workers.get(number);
        try (PointerScope scope = new PointerScope()) {
            List<T> items = share.stream().map(job.items()::get).toList();
            if (exchange == null || !(job.pass() instanceof Each<T, R> each)) {
                return job.pass().run(worker.replica(), items, group::progress);
            }
            List<R> results = each.run(
                    worker.replica(),
                    items,
                    group::progress,
                    () -> worker.last().set(true));
            worker.last().set(false);
            exchange.leave(number, 0);
            return results;
        }
    }

    /** Notes that a replica has the gradients of a decoder layer, and of those above it, for the item it processes. */
    public void layerDone(Model replica, int layer) {
        group.progress();
        for (int i = 0; exchange != null && i < workers.size(); i++) {
            if (workers.get(i).replica() == replica && workers.get(i).last().get()) {
                exchange.leave(i, layer);
            }
        }
    }

    /**
     * Passes the summed gradients to {@code use}, ordered by name; a parameter that took part in no pass has zeros. The
     * sum remains, as the first worker's share, until {@link #clear}.
     */
    public <R> R sum(Function<Map<String, Tensor>, R> use) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (group.size() == 1) {
                return use.apply(localSums());
            }
            Map<String, Tensor> sums = exchange.sums();
            return update.call(() -> use.apply(sums));
        }
    }

    private Map<String, Tensor> localSums() {
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
        return sums;
    }

    /**
     * Returns the slices of tensors that this rank owns, as flat views by a name for each.
     *
     * @param tensors with the names and shapes of the trained parameters
     */
    public Map<String, Tensor> owned(Map<String, Tensor> tensors) {
        Map<String, Tensor> slices = new LinkedHashMap<>();
        layout.slices(group.rank())
                .forEach(slice -> slices.put(
                        slice.key(), tensors.get(slice.tensor()).view(-1).narrow(0, slice.from(), slice.length())));
        return slices;
    }

    /** Returns the slices of the parameters that this rank owns, to be updated in place. */
    public Map<String, Tensor> ownedParameters() {
        return freed ? slices : owned(parameters);
    }

    /** Takes what the other ranks have made of the slices of the parameters that they own. Gradients are lost. */
    public void exchangeOwned() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Map<String, Tensor> values = gathered();
            if (freed) {
                workers.forEach(worker -> worker.rounded().forEach((name, copy) -> copy.copy_(values.get(name))));
            } else {
                parameters.forEach((name, parameter) -> parameter.copy_(values.get(name)));
            }
        }
    }

    /** Gathers the slices of all ranks where the gradients are. */
    private Map<String, Tensor> gathered() {
        Tensor values = flat.get(0);
        Map<String, Tensor> owned = ownedParameters();
        layout.slices(group.rank())
                .forEach(slice -> values.narrow(0, slice.flat(), slice.length()).copy_(owned.get(slice.key())));
        layout.buckets().forEach(bucket -> group.complete(values.narrow(0, bucket.from(), bucket.length())));
        return exchange.views();
    }

    /** Passes the values of the trained parameters to {@code use}, between runs; all ranks call this. Gradients are lost. */
    public void withValues(Consumer<Map<String, Tensor>> use) {
        if (!freed) {
            use.accept(parameters);
            return;
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            use.accept(gathered());
            flat.get(0).zero_();
        }
    }

    /** Sets all gradients to zero. */
    public void clear() {
        if (exchange != null) {
            exchange.reset();
        }
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
        if (update != null) {
            update.close();
        }
        workers.forEach(Worker::close);
        flat.forEach(Tensors::release);
        slices.values().forEach(Tensors::release);
    }
}
