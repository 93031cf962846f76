package org.videotg.core.run;

import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of this process when a signal (INT, TERM or HUP) or the end of its parent stops it. Registered actions save
 * what must be kept, a line says how to go on, and the process ends with 128 and the signal's number. A running
 * computation is abandoned: native libraries are not taken down, which would crash beside it.
 */
public final class Stop {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);

    /** The exit code that shells report for TERM. */
    public static final int TERMINATED = 143;

    /** The Java virtual machine does not tell a shutdown hook which signal came; the name of its thread does. */
    private static final Map<String, Integer> CODES =
            Map.of("SIGHUP handler", 129, "SIGINT handler", 130, "SIGTERM handler", TERMINATED);

    private static final Deque<Runnable> ACTIONS = new ConcurrentLinkedDeque<>();
    private static volatile String advice = "run the same command again to go on";
    private static volatile boolean requested;
    private static volatile boolean exiting;

    private Stop() {}

    /** An action that is run unless it is closed before the process is stopped. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes signals, and the end of the parent of a child process, stop this process in order. */
    public static void handleSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(Stop::signalled, "stop"));
        ChildProcess.watchParent(() -> end(TERMINATED));
    }

    /** Ends this process with an exit code of its own. */
    public static void exit(int code) {
        exiting = true;
        System.exit(code);
    }

    /** Whether this process is being stopped, so that what fails now is no error. */
    public static boolean isRequested() {
        return requested;
    }

    /** Whether a process that ended with this code was stopped. */
    public static boolean isStopCode(int code) {
        return CODES.containsValue(code);
    }

    /** Sets what the last line says about how to go on; empty for no line. */
    public static void advise(String text) {
        advice = text;
    }

    /** Registers an action for a stop, which should take seconds at most; the latest one is run first. */
    public static Registration onStop(Runnable action) {
        ACTIONS.addFirst(action);
        return () -> ACTIONS.remove(action);
    }

    private static void signalled() {
        if (!exiting) {
            end(Thread.getAllStackTraces().keySet().stream()
                    .map(thread -> CODES.get(thread.getName()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(TERMINATED));
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("while stopping: {}", e.getMessage());
        }
    }

    private static synchronized void end(int code) {
        requested = true;
        try {
            ACTIONS.forEach(Stop::run);
            if (!advice.isEmpty()) {
                LOG.info("stopped{}; {}", Progress.position(), advice);
            }
        } finally {
            System.out.flush();
            System.err.flush();
            Runtime.getRuntime().halt(code);
        }
    }
}
