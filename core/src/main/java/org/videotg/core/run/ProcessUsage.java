package org.videotg.core.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Time and memory used by this process. */
public final class ProcessUsage {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KILO = 1024;

    private ProcessUsage() {}

    /** Returns the CPU time of all threads since the start of the process. */
    public static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    /** Returns the wall-clock time since the start of the Java virtual machine. */
    public static double seconds() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
    }

    /** Returns the largest resident size so far; empty on systems other than Linux. */
    public static OptionalLong peakBytes() {
        return status("VmHWM:");
    }

    /** Returns the resident size; empty on systems other than Linux. */
    public static OptionalLong residentBytes() {
        return status("VmRSS:");
    }

    private static OptionalLong status(String field) {
        try {
            return Files.exists(STATUS)
                    ? Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith(field))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILO)
                            .findFirst()
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
