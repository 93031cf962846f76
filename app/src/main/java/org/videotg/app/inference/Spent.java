package org.videotg.app.inference;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;

/**
 * What a process has cost.
 *
 * @param cpuSeconds of all its threads since it started
 */
public record Spent(double cpuSeconds) {
    /** By this process, up to now. */
    public static Spent now() {
        return new Spent(
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9);
    }

    public void write(Path file) {
        AtomicFiles.writeString(file, Json.line(this) + "\n");
    }
}
