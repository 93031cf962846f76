package org.videotg.core.run;

import java.nio.file.Path;
import java.util.Locale;
import org.videotg.core.io.InputException;

/**
 * System properties that the native libraries read when they load. Whoever may be the first to load one calls
 * {@link #apply} before; a property that is set already stays.
 */
public final class NativeSettings {
    /** Environment variable that names the folder of caches. */
    public static final String CACHE_VARIABLE = "VIDEOTG_CACHE";

    /** Environment variable that names the library which multiplies matrices on the CPU: openblas (default) or mkl. */
    static final String BLAS_VARIABLE = "VIDEOTG_BLAS";

    private NativeSettings() {}

    /** Sets the properties that are not set yet. */
    public static void apply() {
        // Memory belongs to the libraries; JavaCPP's limits, derived from the heap's size, would stop them far too
        // early.
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setDefault("org.bytedeco.javacpp.logger", "slf4j");
        // The tokenizer would otherwise look for a GPU build and report its use over the network.
        setDefault("ai.djl.offline", "true");
        setDefault("RUST_FLAVOR", "cpu");
        applyBlas(System.getenv(BLAS_VARIABLE));
        String cache = System.getenv(CACHE_VARIABLE);
        if (cache != null && !cache.isBlank()) {
            Path folder = Path.of(cache).toAbsolutePath();
            setDefault(
                    "org.bytedeco.javacpp.cachedir", folder.resolve("javacpp").toString());
            setDefault("DJL_CACHE_DIR", folder.resolve("djl").toString());
        }
    }

    /**
     * Lets JavaCPP load MKL in place of OpenBLAS if that is asked for.
     *
     * @param blas value of {@value #BLAS_VARIABLE}, or null
     * @throws InputException if the value is unknown or MKL's jars are not on the class path
     */
    static void applyBlas(String blas) {
        switch (blas == null ? "" : blas.strip().toLowerCase(Locale.ROOT)) {
            case "", "openblas" -> {}
            case "mkl" -> {
                if (NativeSettings.class.getClassLoader().getResource("org/bytedeco/mkl/global/mkl_rt.class") == null) {
                    throw new InputException(BLAS_VARIABLE + "=mkl needs the jars of org.bytedeco:mkl in"
                            + " VIDEOTG_CLASSPATH (docs/performance.md); add them, or unset " + BLAS_VARIABLE);
                }
                setDefault("org.bytedeco.openblas.load", "mkl_rt");
            }
            default -> throw new InputException(BLAS_VARIABLE + " is \"" + blas + "\"; it must be openblas or mkl");
        }
    }

    /**
     * Returns the folder of what may be deleted at any time: {@value #CACHE_VARIABLE}, or {@code ~/.cache/videotg}.
     */
    public static Path cache() {
        String cache = System.getenv(CACHE_VARIABLE);
        return cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "videotg")
                : Path.of(cache).toAbsolutePath();
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
