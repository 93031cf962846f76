package org.videotg.bench;

import java.util.ArrayList;
import java.util.List;
import org.videotg.core.run.Progress;
import org.videotg.models.safetensors.HeaderFuzz;

/**
 * Reads random safetensors headers, valid and invalid: {@code FuzzHeaders [COUNT] [SEED]}, 1,000,000 and 1 by default.
 * With {@code JDK_JAVA_OPTIONS=-Xmx64m} it also checks that no header needs much memory. The exit code is 1 if a header
 * was wrongly read or refused.
 */
public final class FuzzHeaders {
    private static final long ROUND = 10_000;

    private FuzzHeaders() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("FuzzHeaders [COUNT] [SEED]", arguments, FuzzHeaders::run);
    }

    private static void run(String[] arguments) {
        long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        Progress progress = Progress.logged("headers (10,000)", (count + ROUND - 1) / ROUND);
        long read = 0;
        long refused = 0;
        long surprised = 0;
        List<String> surprises = new ArrayList<>();
        for (long from = 0; from < count; from += ROUND) {
            HeaderFuzz.Outcome outcome = HeaderFuzz.run(seed, from, Math.min(count, from + ROUND));
            read += outcome.read();
            refused += outcome.refused();
            surprised += outcome.surprised();
            surprises.addAll(outcome.surprises());
            progress.step("");
        }
        progress.finish("");
        System.out.println(
                count + " headers, seed " + seed + ": " + read + " read, " + refused + " refused, " + surprised
                        + " surprises, heap at most " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        surprises.stream().limit(20).forEach(System.out::println);
        System.exit(surprised == 0 ? 0 : 1);
    }
}
