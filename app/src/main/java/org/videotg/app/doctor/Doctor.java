package org.videotg.app.doctor;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.ModelFolder;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.models.tensor.Placement;

/** Checks this machine and this installation. */
public final class Doctor {
    private static final double GIB = 1 << 30;
    private static final double NEEDED_DISK_GIB = 2;
    private static final double NEEDED_MEMORY_GIB = 2;
    private static final int NEEDED_JAVA = 17;
    /** As JavaCPP names them; the root pom has a profile for each. */
    private static final List<String> PLATFORMS = List.of("linux-x86_64", "macosx-arm64", "windows-x86_64");

    private Doctor() {}

    /** Checks everything that videotg needs. */
    public static List<Finding> examine(Installation installation) {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(platform());
        findings.add(Finding.good("cores", Runtime.getRuntime().availableProcessors()));
        findings.add(probe(
                "threads in use",
                "set OMP_NUM_THREADS to a number",
                () -> NativeRuntime.threads() + " (OMP_NUM_THREADS " + environment("OMP_NUM_THREADS") + ")"));
        findings.add(blas());
        findings.add(memory());
        findings.add(disk(installation.cache()));
        findings.add(probe(
                "libtorch",
                "if its message names no remedy, delete ~/.javacpp (or VIDEOTG_CACHE) and try again",
                Doctor::libtorch));
        findings.add(probe(
                "FFmpeg",
                "delete ~/.javacpp (or VIDEOTG_CACHE) and try again",
                () -> avutil.av_version_info().getString() + ", "
                        + avutil.avutil_license().getString()));
        findings.add(probe("tokenizers", "delete ~/.djl.ai (or VIDEOTG_CACHE) and try again", Doctor::tokenizers));
        findings.add(probe("embedded model", "get models/small from the repository", () -> model(installation)));
        findings.add(gpu());
        return findings;
    }

    private static Finding java() {
        String version = System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")";
        return Runtime.version().feature() >= NEEDED_JAVA
                ? Finding.good("java", version)
                : Finding.bad("java", version, "install a JDK " + NEEDED_JAVA + " or later");
    }

    private static Finding platform() {
        String platform = Loader.getPlatform();
        String value = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
        return PLATFORMS.contains(platform)
                ? Finding.good("platform", value)
                : Finding.bad("platform", value, "there are native libraries for " + String.join(", ", PLATFORMS));
    }

    private static Finding blas() {
        String threads = environment("OPENBLAS_NUM_THREADS");
        return threads.equals("1") || threads.equals("not set")
                ? Finding.good(
                        "OpenBLAS threads",
                        environment("OMP_WAIT_POLICY").equalsIgnoreCase("passive")
                                ? "1, large models " + NativeRuntime.threads()
                                : "1 (OMP_WAIT_POLICY=passive would let large models have more)")
                : Finding.bad(
                        "OpenBLAS threads",
                        threads,
                        "start videotg by ./videotg, or set OPENBLAS_NUM_THREADS=1: small models are slower with more");
    }

    private static Finding memory() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double total = machine.getTotalMemorySize() / GIB;
        String value = String.format(
                Locale.ROOT,
                "%.1f GiB, %.1f GiB free; Java heap at most %.1f GiB",
                total,
                machine.getFreeMemorySize() / GIB,
                Runtime.getRuntime().maxMemory() / GIB);
        return total >= NEEDED_MEMORY_GIB
                ? Finding.good("memory", value)
                : Finding.bad("memory", value, "at least " + NEEDED_MEMORY_GIB + " GiB are needed");
    }

    private static Finding disk(Path cache) {
        Path existing = cache;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isWritable(existing)) {
            return Finding.bad("cache folder", cache + " (not writable)", "set VIDEOTG_CACHE to a folder that is");
        }
        try {
            double free = Files.getFileStore(existing).getUsableSpace() / GIB;
            String value = String.format(Locale.ROOT, "%s, %.1f GiB free", cache, free);
            return free >= NEEDED_DISK_GIB
                    ? Finding.good("cache folder", value)
                    : Finding.bad(
                            "cache folder",
                            value,
                            "free " + NEEDED_DISK_GIB + " GiB, or set VIDEOTG_CACHE to a larger disk");
        } catch (IOException e) {
            return Finding.bad(
                    "cache folder", cache + " (" + e.getMessage() + ")", "set VIDEOTG_CACHE to a readable folder");
        }
    }

    private static String libtorch() {
        NativeRuntime.load();
        String blas = NativeRuntime.blas();
        return version(torch.class) + " with " + blas + ", " + torch.get_num_threads() + " threads"
                + (blas.equals("OpenBLAS") && isFasterWithMkl(processor())
                        ? " (on this processor MKL is faster, docs/performance.md)"
                        : "");
    }

    /** Returns what Linux says of the processors, or nothing elsewhere. */
    private static String processor() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns whether MKL was measured to be faster on a processor of this kind, as /proc/cpuinfo describes it. */
    static boolean isFasterWithMkl(String processor) {
        return processor.contains("GenuineIntel") && processor.contains(" avx512f ");
    }

    private static String tokenizers() {
        LibUtils.checkStatus();
        return version(HuggingFaceTokenizer.class);
    }

    private static String model(Installation installation) {
        try (ModelFolder folder = ModelFolder.open(installation.embeddedModel())) {
            return folder.path() + " (" + folder.config().text().numLayers() + " layers, hidden size "
                    + folder.config().text().hiddenSize() + "); it knows the small world only";
        }
    }

    /**
     * The GPUs of the driver and the device that libtorch would use. A CPU build on a machine with a GPU is not an
     * error.
     */
    private static Finding gpu() {
        List<String> listed = NvidiaSmi.gpus();
        String found = listed.isEmpty() ? "none with an NVIDIA driver" : String.join(" | ", listed);
        return probe("GPU", "run VIDEOTG_GPU=off ./videotg, or see docs/platforms.md", () -> {
            Placement chosen = Placement.Choice.OPEN.resolve();
            return found + "; libtorch is " + (torch.hasCUDA() ? "with" : "without") + " CUDA and computes on "
                    + chosen.device() + " in " + chosen.precision();
        });
    }

    private static Finding probe(String name, String advice, Callable<String> look) {
        try {
            return Finding.good(name, look.call());
        } catch (InputException e) {
            return Finding.bad(name, e.getMessage(), advice);
        } catch (Exception | LinkageError e) {
            return Finding.bad(
                    name, "can't be loaded: " + e.toString().lines().findFirst().orElse(""), advice);
        }
    }

    private static String version(Class<?> library) {
        String stated = library.getPackage().getImplementationVersion();
        String jar = library.getProtectionDomain().getCodeSource().getLocation().getPath();
        return stated != null ? stated : jar.substring(jar.lastIndexOf('/') + 1).replace(".jar", "");
    }

    private static String environment(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "not set");
    }
}
