package org.videotg.training.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.videotg.training.recipe.Recipe;

/**
 * Runs a training in a child process. If that dies by a signal (a crash in native code, or memory that ran out), this
 * is said in one line and the run is resumed, as long as each attempt got further than all before it. Windows tells
 * such an end by a negative exit code.
 */
public final class Supervisor {
    private static final int RESTARTS = 5;
    private static final int SIGNALLED = 128;
    private static final long PATIENCE_SECONDS = 150;

    private final Path recipe;
    private final List<String> overrides;
    private final RunFolder out;
    private final PrintStream messages;

    /**
     * A training to be run.
     *
     * @param overrides {@code key=value}
     * @param out folder of the run
     * @param messages gets what the child writes and what the supervisor has to say, line by line
     */
    public Supervisor(Path recipe, List<String> overrides, Path out, PrintStream messages) {
        this.recipe = recipe;
        this.overrides = List.copyOf(overrides);
        this.out = new RunFolder(out);
        this.messages = messages;
    }

    /**
     * Trains and waits for the end.
     *
     * @return exit code: 0 done, 1 bad input, 2 a defect, 130 stopped
     * @throws org.videotg.core.io.InputException for a bad recipe or folder, before any child starts
     */
    public int run(boolean resume) {
        Recipe read = Recipe.read(recipe, overrides);
        out.check(resume);
        boolean continued = resume;
        for (int restart = 0; ; restart++) {
            long before = out.furthestStep();
            int code = once(read, continued);
            if ((code >= 0 && code < SIGNALLED) || code == TrainMain.STOPPED) {
                return code;
            }
            long reached = out.furthestStep();
            String event = (code < 0
                            ? "training crashed with code 0x" + Integer.toHexString(code)
                            : "training was killed by signal " + (code - SIGNALLED))
                    + " after step " + reached;
            if (restart == RESTARTS || reached <= before) {
                messages.println(event + (reached <= before ? ", no further than before" : ", once more than is tried")
                        + "; see " + out.path() + "/hs_err_*.log if there is one, then try --resume");
                return 2;
            }
            messages.println(event + "; it is resumed (" + (restart + 1) + " of " + RESTARTS + ")");
            continued = true;
        }
    }

    private int once(Recipe read, boolean resume) {
        try {
            Process child = start(read, resume);
            Thread hook = new Thread(() -> stop(child), "stop-training");
            Runtime.getRuntime().addShutdownHook(hook);
            child.getOutputStream().close();
            try (BufferedReader lines = child.inputReader()) {
                lines.lines().forEach(messages::println);
            }
            int code = child.waitFor();
            removeHook(hook);
            return code;
        } catch (IOException e) {
            throw new IllegalStateException("can't start the training process: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TrainMain.STOPPED;
        }
    }

    private Process start(Recipe read, boolean resume) throws IOException {
        List<String> command = ChildJvm.command(out.path(), TrainMain.class);
        command.addAll(List.of(
                String.valueOf(ProcessHandle.current().pid()),
                out.path().toString(),
                resume ? "resume" : "new",
                recipe.toString()));
        command.addAll(overrides);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Libraries read these when they load.
        builder.environment()
                .put(
                        "OMP_NUM_THREADS",
                        String.valueOf(read.compute().workers() * read.compute().threads()));
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        builder.environment().putIfAbsent("OMP_WAIT_POLICY", "passive");
        builder.environment().put("RUST_FLAVOR", "cpu");
        return builder.start();
    }

    /**
     * Lets the child end its step and write a checkpoint. Where a process can only be killed (Windows), it is not: the
     * same Ctrl-C has reached it by itself.
     */
    private static void stop(Process child) {
        if (child.supportsNormalTermination()) {
            child.destroy();
        }
        try {
            if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook has done its work.
        }
    }
}
