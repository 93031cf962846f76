package org.videotg.core.run;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
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
        boolean mkl = isMklWanted();
        if (mkl) {
            setDefault("org.bytedeco.openblas.load", "mkl_rt");
        }
        String cache = System.getenv(CACHE_VARIABLE);
        Optional<Path> folder = cache == null || cache.isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(cache).toAbsolutePath());
        librariesFolder(mkl, folder, Path.of(System.getProperty("user.home")))
                .ifPresent(libraries -> setDefault("org.bytedeco.javacpp.cachedir", libraries.toString()));
        folder.ifPresent(
                given -> setDefault("DJL_CACHE_DIR", given.resolve("djl").toString()));
    }

    /**
     * Returns whether MKL shall multiply matrices on the CPU.
     *
     * @throws InputException if the variable is not a library's name, or MKL's jars are not on the class path
     */
    public static boolean isMklWanted() {
        return isMkl(System.getenv(BLAS_VARIABLE));
    }

    /**
     * Returns where native libraries are unpacked, or nothing for JavaCPP's default, {@code ~/.javacpp/cache}. With MKL
     * it is a folder of its own: JavaCPP replaces the files of OpenBLAS there by links to MKL, which a process that
     * uses OpenBLAS at the same time would load.
     *
     * @param cache folder of caches, if one is set
     * @param home the user's folder
     */
    static Optional<Path> librariesFolder(boolean mkl, Optional<Path> cache, Path home) {
        if (mkl) {
            return Optional.of(
                    cache.map(folder -> folder.resolve("javacpp-mkl")).orElse(home.resolve(".javacpp/cache-mkl")));
        }
        return cache.map(folder -> folder.resolve("javacpp"));
    }

    /**
     * Returns whether MKL shall multiply matrices.
     *
     * @param blas value of {@value #BLAS_VARIABLE}, or null
     */
    static boolean isMkl(String blas) {
        return switch (blas == null ? "" : blas.strip().toLowerCase(Locale.ROOT)) {
            case "", "openblas" -> false;
            case "mkl" -> {
                if (NativeSettings.class.getClassLoader().getResource("org/bytedeco/mkl/global/mkl_rt.class") == null) {
                    throw new InputException(BLAS_VARIABLE + "=mkl needs the jars of org.bytedeco:mkl in"
                            + " VIDEOTG_CLASSPATH (docs/performance.md); add them, or unset " + BLAS_VARIABLE);
                }
                yield true;
            }
            default -> throw new InputException(BLAS_VARIABLE + " is \"" + blas + "\"; it must be openblas or mkl");
        };
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
