package org.videotg.core.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.videotg.core.io.InputException;

/**
 * A Java process of this program with the classes and library settings of this process. When this process ends, the
 * child is stopped; a child that watches its parent also stops if this process is killed.
 *
 * @param mainClass that takes the arguments
 * @param errors folder for what the Java virtual machine writes when native code crashes
 * @param threads of one operation in native libraries
 * @param variables added to the environment
 */
public record ChildProcess(
        Class<?> mainClass, List<String> arguments, Path errors, int threads, Map<String, String> variables) {
    /** System property with the process id of the parent. */
    private static final String PARENT = "videotg.parent";

    private static final List<String> INHERITED = List.of("videotg.", "org.bytedeco.javacpp.", "ai.djl.");
    /** A training child writes a checkpoint before it ends. */
    private static final long STOP_SECONDS = 150;

    private static final long SIGNAL_MILLIS = 300;

    public ChildProcess {
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
    }

    /** A child with the environment of this process. */
    public ChildProcess(Class<?> mainClass, List<String> arguments, Path errors, int threads) {
        this(mainClass, arguments, errors, threads, Map.of());
    }

    /** In the child: runs {@code end} as soon as the parent, if there is one, has ended. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public static void watchParent(Runnable end) {
        Long parent = Long.getLong(PARENT);
        if (parent != null) {
            ProcessHandle.of(parent).ifPresentOrElse(process -> process.onExit().thenRun(end), end);
        }
    }

    /** The variables that native libraries read when they load. */
    private static Map<String, String> environment(int threads) {
        return Map.of("OMP_NUM_THREADS", String.valueOf(threads), "OPENBLAS_NUM_THREADS", "1", "RUST_FLAVOR", "cpu");
    }

    /**
     * Runs the child to its end; an interrupt stops it. Its output is appended to a log.
     *
     * @return exit code
     */
    public int run(Path log) throws InterruptedException {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            return await(
                    builder().redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())), lines -> {}, child -> {});
        } catch (IOException e) {
            throw unable(e);
        }
    }

    /**
     * Runs the child to its end; an interrupt stops it.
     *
     * @param lines takes every line of its output
     * @return exit code
     */
    public int run(Consumer<String> lines) throws InterruptedException {
        return run(lines, child -> {});
    }

    /**
     * Runs the child to its end; an interrupt stops it.
     *
     * @param lines takes every line of its output
     * @param started takes the process when it has been started
     * @return exit code
     */
    public int run(Consumer<String> lines, Consumer<ProcessHandle> started) throws InterruptedException {
        try {
            return await(builder(), lines, started);
        } catch (IOException e) {
            throw unable(e);
        }
    }

    private static int await(ProcessBuilder builder, Consumer<String> lines, Consumer<ProcessHandle> started)
            throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Process child = builder.start();
        started.accept(child.toHandle());
        try (Stop.Registration stop = Stop.onStop(() -> stop(child, ended))) {
            child.getOutputStream().close();
            try (BufferedReader output = child.inputReader()) {
                output.lines().forEach(lines);
            }
            int code = child.waitFor();
            if (Stop.isStopCode(code)) {
                // Ctrl-C reaches this process and the child at the same time: this one's stop may be about to begin.
                Thread.sleep(SIGNAL_MILLIS);
            }
            return code;
        } catch (InterruptedException e) {
            child.toHandle().destroy();
            child.waitFor();
            throw e;
        } finally {
            ended.countDown();
        }
    }

    private ProcessBuilder builder() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The options that this process was started with, but not debuggers and other agents.
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X") || option.startsWith("-D") || option.startsWith("--add-"))
                .toList();
        command.addAll(options);
        if (options.stream().noneMatch(option -> option.matches("-XX:[+]Use\\w+GC"))) {
            command.add("-XX:+UseSerialGC");
        }
        command.add("-XX:ErrorFile=" + errors.toAbsolutePath().resolve("hs_err_%p.log"));
        System.getProperties().stringPropertyNames().stream()
                .sorted()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith) && !name.equals(PARENT))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment(threads));
        builder.environment().putAll(variables);
        builder.environment().putIfAbsent("OMP_WAIT_POLICY", "passive");
        return builder;
    }

    /**
     * Stops the child and waits until its last lines have been read. On Windows, where a process can only be killed,
     * the child is left alone: it has received the Ctrl-C itself.
     */
    private static void stop(Process child, CountDownLatch ended) {
        if (child.supportsNormalTermination()) {
            // Not Process.destroy(), which closes the pipe that is being read.
            child.toHandle().destroy();
        }
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InputException unable(IOException e) {
        return new InputException(
                "can't run a child process (" + e.getMessage() + "); check free memory and the folder of its log", e);
    }
}
