package org.videotg.app.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.training.run.ChildJvm;

/**
 * A command of this program in a process of its own, with one thread for every operation. What it prints goes into a
 * log. When this process ends, so does the child.
 *
 * @param mainClass that takes the arguments
 * @param log what the child prints is appended here
 */
public record ChildProcess(Class<?> mainClass, List<String> arguments, Path log) {
    /** System property that tells a child whose end is its own. */
    private static final String PARENT = "videotg.parent";

    public ChildProcess {
        arguments = List.copyOf(arguments);
    }

    /** In the main class: lets {@code end} run as soon as the parent process, if this process has one, is gone. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public static void watchParent(Runnable end) {
        Long parent = Long.getLong(PARENT);
        if (parent != null) {
            ProcessHandle.of(parent).ifPresentOrElse(process -> process.onExit().thenRun(end), end);
        }
    }

    /**
     * Runs it and waits; an interrupt stops it.
     *
     * @return exit code
     */
    public int run() throws InterruptedException {
        Process child = start();
        Thread hook = new Thread(child::destroy, "stop-child");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return child.waitFor();
        } catch (InterruptedException e) {
            child.destroy();
            child.waitFor();
            throw e;
        } finally {
            removeHook(hook);
        }
    }

    private Process start() {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment()
                    .putAll(Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1", "RUST_FLAVOR", "cpu"));
            return builder.start();
        } catch (IOException e) {
            throw new InputException(
                    "can't start a child process that logs to " + log + ": " + e.getMessage()
                            + "; check the folder and free memory",
                    e);
        }
    }

    private List<String> command() {
        List<String> command = ChildJvm.command(
                log.toAbsolutePath().getParent(),
                mainClass,
                PARENT + "=" + ProcessHandle.current().pid());
        command.addAll(arguments);
        return command;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending already: the hook is at work.
        }
    }
}
