package org.videotg.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.videotg.app.command.VideoTg;

/**
 * A command line that was run in this process.
 *
 * @param thrown what it threw, or null
 */
record Trial(int code, String out, String err, Throwable thrown) {
    private static final PrintStream STDOUT = System.out;
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs a command; if it takes more time of the CPU, says where it is and ends this process with exit code 3. */
    static Trial run(List<String> command, Duration longest) {
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        Duration begin = cpu();
        ScheduledFuture<?> hang = WATCH.scheduleAtFixedRate(
                () -> {
                    if (cpu().minus(begin).compareTo(longest) > 0) {
                        STDOUT.println("HANGS: " + command);
                        Thread.getAllStackTraces().forEach((thread, trace) -> {
                            if (thread.getName().equals("main")) {
                                List.of(trace).forEach(call -> STDOUT.println("  " + call));
                            }
                        });
                        Runtime.getRuntime().halt(3);
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        int code = -1;
        Throwable thrown = null;
        try {
            code = VideoTg.run(command.toArray(String[]::new));
        } catch (Throwable e) {
            thrown = e;
        } finally {
            System.setOut(STDOUT);
            System.setErr(err);
            hang.cancel(false);
        }
        return new Trial(
                code, printed.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8), thrown);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns what no input excuses, or nothing: something thrown, an error that calls itself a defect, another exit code. */
    String defect() {
        if (thrown != null) {
            return thrown + " at "
                    + List.of(thrown.getStackTrace()).stream().limit(3).toList();
        }
        // A dry run lists what is missing.
        boolean explained = code == 0 || err.contains("error:") || err.contains("missing: ");
        return code < 0 || code > 2 || err.contains("defect of this program") || !explained
                ? "exit code " + code + ": " + lastLine()
                : "";
    }

    /** Returns the last line of standard error. */
    String lastLine() {
        return err.lines()
                .filter(line -> line.startsWith("error:"))
                .findFirst()
                .orElse(err.lines().reduce("", (before, line) -> line));
    }
}
