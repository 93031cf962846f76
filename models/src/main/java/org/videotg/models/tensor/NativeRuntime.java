package org.videotg.models.tensor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.run.NativeSettings;

/**
 * Start-up of libtorch. Operations use OMP_NUM_THREADS threads, by default one for each core; OpenBLAS has one thread,
 * which {@link BlasThreads} raises for large models.
 */
public final class NativeRuntime {
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("CUDA out of memory\\.?[^\\n]*|CUDA error: out of memory"
                    + "|DefaultCPUAllocator: [^\\n]*?memory: you tried to allocate \\d+ bytes");

    private static final String MKL = "MKL";

    private static final Logger LOG = LoggerFactory.getLogger(NativeRuntime.class);

    private static boolean loaded;

    private NativeRuntime() {}

    /** Loads the native library once. */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        NativeSettings.apply();
        try {
            org.bytedeco.pytorch.global.torch.set_num_threads(threads());
            if (System.getenv("OPENBLAS_NUM_THREADS") == null) {
                openblas_nolapack.blas_set_num_threads(1);
            }
        } catch (LinkageError e) {
            throw new InputException(
                    "libtorch can't be loaded on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + " (" + e.getMessage() + "); run doctor, or in a program of your own add the artifact"
                            + " org.videotg:videotg-natives-PLATFORM (docs/api.md)",
                    e);
        }
        if (NativeSettings.isMklWanted() && !loadedBlas().equals(MKL)) {
            throw new InputException(
                    "VIDEOTG_BLAS=mkl has no effect here: the native libraries of this installation lie"
                            + " unpacked, and OpenBLAS among them; unset VIDEOTG_BLAS, or use a clone of the repository"
                            + " (docs/performance.md)");
        }
        loaded = true;
    }

    /** Returns the library that multiplies matrices on the CPU, of those that are loaded. */
    public static String blas() {
        load();
        return loadedBlas();
    }

    private static String loadedBlas() {
        return Loader.getLoadedLibraries().keySet().stream().anyMatch(name -> name.startsWith("mkl_rt"))
                ? MKL
                : "OpenBLAS";
    }

    /** Returns the threads of one operation: OMP_NUM_THREADS, else the number of cores. */
    public static int threads() {
        String set = System.getenv("OMP_NUM_THREADS");
        try {
            return set == null
                    ? Runtime.getRuntime().availableProcessors()
                    : Math.max(1, Integer.parseInt(set.strip()));
        } catch (NumberFormatException e) {
            throw new InputException(
                    "OMP_NUM_THREADS is not a number: " + set + "; unset it or give a count of threads", e);
        }
    }

    /** Returns libtorch's message that a GPU or the CPU is out of memory, if that caused the failure. */
    public static Optional<String> outOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher message = OUT_OF_MEMORY.matcher(String.valueOf(cause.getMessage()));
            if (message.find()) {
                return Optional.of(message.group().strip());
            }
        }
        return Optional.empty();
    }

    /**
     * Threads of OpenBLAS in one product of matrices. One when its library loads, and more for a large
     * model: products of small matrices gain little by them, and lose much where other programs keep the cores busy.
     * OpenMP's threads must sleep while they wait (OMP_WAIT_POLICY=passive); else the two libraries' threads busy-wait
     * for each other, 8 ms each time. Measured by {@code bench/run MatrixThreads}.
     */
    public static final class BlasThreads {
        /** Models up to this many parameters compute with one. */
        static final long SMALL = 100_000_000;

        private static int now = 1;
        private static boolean advised;

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
            String waitPolicy = System.getenv("OMP_WAIT_POLICY");
            int threads = of(parameters, NativeRuntime.threads(), waitPolicy);
            if (threads > now) {
                set(threads);
            } else if (of(parameters, NativeRuntime.threads(), "passive") > now && waitPolicy == null && !advised) {
                advised = true;
                LOG.warn("large products of matrices use one thread; start Java with the environment variable"
                        + " OMP_WAIT_POLICY=passive for more");
            }
        }

        /** Sets one thread, for programs that multiply matrices in several threads. */
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
}
