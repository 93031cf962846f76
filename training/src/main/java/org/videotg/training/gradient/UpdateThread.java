package org.videotg.training.gradient;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;

/**
 * A thread for what all ranks compute alike. Reductions over all elements depend on the number of threads, which here is
 * that of as many workers in one process. It is set once, since libtorch builds a pool anew whenever it changes.
 */
final class UpdateThread implements AutoCloseable {
    private final ExecutorService executor = ModelWorkers.threads("update", 1);

    UpdateThread(int threads) {
        call(() -> {
            torch.set_num_threads(threads);
            return threads;
        });
    }

    /** Runs a computation without gradients, in a scope of its own. */
    <R> R call(Supplier<R> computation) {
        try {
            return executor.submit(() -> {
                        try (PointerScope scope = new PointerScope();
                                NoGradGuard noGrad = new NoGradGuard()) {
                            return computation.get();
                        }
                    })
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("the update failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped in the update", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
