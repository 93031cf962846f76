package org.videotg.models.tensor;

import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Threads of one product of matrices, which is OpenBLAS's. They are one when its library loads and more for a large
 * model: products of small matrices gain little by them, and lose much where other programs keep the cores busy.
 * OpenMP's threads must sleep while they wait (OMP_WAIT_POLICY=passive); else the two libraries' threads wait for each
 * other in loops, 8 ms a time. Measured by {@code bench/run MatrixThreads}.
 */
public final class BlasThreads {
    /** Models up to this many parameters compute with one. */
    static final long SMALL = 100_000_000;

    private static int now = 1;

    private BlasThreads() {}

    /**
     * Threads for a model of this size.
     *
     * @param threads of one operation at most
     * @param waitPolicy the variable OMP_WAIT_POLICY, or null
     */
    static int of(long parameters, int threads, String waitPolicy) {
        return parameters > SMALL && "passive".equalsIgnoreCase(waitPolicy) ? threads : 1;
    }

    /** Sets the threads for a model that has been loaded onto the CPU; they are never lowered for a smaller one. */
    public static synchronized void prepare(long parameters) {
        int threads = of(parameters, NativeRuntime.threads(), System.getenv("OMP_WAIT_POLICY"));
        if (threads > now) {
            set(threads);
        }
    }

    /** One thread, for programs whose own threads multiply side by side. */
    public static synchronized void single() {
        if (now > 1) {
            set(1);
        }
    }

    private static void set(int threads) {
        openblas_nolapack.blas_set_num_threads(threads);
        now = threads;
    }
}
