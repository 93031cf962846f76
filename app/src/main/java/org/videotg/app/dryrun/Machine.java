package org.videotg.app.dryrun;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.models.tensor.Placement;
import org.videotg.training.recipe.Recipe;

/**
 * The device, memory and disk that a run can use.
 *
 * @param placement device and type of the run
 * @param ranks processes of the run, which share the CPU's memory; each has a GPU of its own
 * @param memory bytes that a new process can take, of the device if it is a GPU
 * @param freeDisk free bytes for a folder that may not exist yet
 */
public record Machine(Placement placement, int ranks, long memory, ToLongFunction<Path> freeDisk) {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");

    /** Returns this machine with the device on which a recipe trains in so many processes. */
    public static Machine of(Recipe recipe, int ranks) {
        Placement placement = recipe.compute().placement().resolve();
        return new Machine(
                placement,
                ranks,
                placement.device().isCpu()
                        ? hostMemory()
                        : gpuMemory(placement.device().index()).orElse(Long.MAX_VALUE),
                Machine::freeDisk);
    }

    private static long hostMemory() {
        long total = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        try {
            Matcher available = AVAILABLE.matcher(Files.exists(MEMINFO) ? Files.readString(MEMINFO) : "");
            if (available.find()) {
                // The total may be a container's, which the file does not know.
                return Math.min(total, Long.parseLong(available.group(1)) * 1024);
            }
        } catch (IOException e) {
            // Without it the total is known.
        }
        return total;
    }

    private static OptionalLong gpuMemory(int index) {
        return NvidiaSmi.memory(index).stream()
                .mapToLong(NvidiaSmi.Memory::free)
                .findFirst();
    }

    /** Returns the free bytes for a folder that may not exist yet. */
    public static long freeDisk(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return existing == null ? 0 : Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }
}
