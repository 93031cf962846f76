package org.videotg.models.tensor;

import org.videotg.core.io.InputException;

/**
 * Start-up of libtorch. Thread counts are environment variables that its OpenMP and BLAS read when they load, so a Java
 * process can't change them any more: the launcher and the tests set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS=1
 * ({@link BlasThreads} raises that for large models).
 */
public final class NativeRuntime {
    private static boolean loaded;

    private NativeRuntime() {}

    /** Loads the native library once. */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        // libtorch manages its own memory; JavaCPP's limits, derived from the heap's size, would stop it far too early.
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        try {
            org.bytedeco.pytorch.global.torch.set_num_threads(threads());
        } catch (LinkageError e) {
            throw new InputException(
                    "libtorch can't be loaded on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + " (" + e.getMessage() + "); run doctor",
                    e);
        }
        loaded = true;
    }

    /** Threads of one operation: OMP_NUM_THREADS, or every core. */
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

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
