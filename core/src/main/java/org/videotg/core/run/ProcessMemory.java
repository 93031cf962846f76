package org.videotg.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What this process takes of the machine's memory, as Linux tells it; other systems don't. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KILO = 1024;

    private ProcessMemory() {}

    /** The most that was ever resident, in bytes. */
    public static OptionalLong peak() {
        return bytes("VmHWM");
    }

    private static OptionalLong bytes(String field) {
        try {
            return Files.exists(STATUS)
                    ? Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith(field + ":"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILO)
                            .findFirst()
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
