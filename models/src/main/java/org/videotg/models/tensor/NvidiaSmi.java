package org.videotg.models.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The NVIDIA GPUs of this machine, as the driver's program nvidia-smi lists them. */
public final class NvidiaSmi {
    private static final long TIMEOUT_SECONDS = 10;
    private static final Pattern MIB = Pattern.compile("(\\d+) MiB, (\\d+) MiB");

    private NvidiaSmi() {}

    /** The bytes of a GPU's memory, and those that some process holds. */
    public record Memory(long total, long used) {
        public long free() {
            return total - used;
        }

        /** Reads a line such as {@code 143771 MiB, 512 MiB}. */
        static Optional<Memory> read(String line) {
            Matcher stated = MIB.matcher(line);
            return stated.matches()
                    ? Optional.of(
                            new Memory(Long.parseLong(stated.group(1)) << 20, Long.parseLong(stated.group(2)) << 20))
                    : Optional.empty();
        }
    }

    /** Name, memory and driver of each; empty without a GPU or a driver. */
    public static List<String> gpus() {
        return query("name,memory.total,driver_version");
    }

    /** The memory of the GPU of this number; empty without it or its driver. */
    public static Optional<Memory> memory(int index) {
        return query("memory.total,memory.used").stream()
                .skip(index)
                .findFirst()
                .flatMap(Memory::read);
    }

    /** Returns one line for each GPU. */
    private static List<String> query(String fields) {
        try {
            Process process = new ProcessBuilder("nvidia-smi", "--query-gpu=" + fields, "--format=csv,noheader")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            String listed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? listed.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList()
                    : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
