package org.videotg.app.command;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What Ctrl-C does while native code computes. At a process's normal end libraries take down what their computations still use,
 * which crash; so the process ends without it. Nothing is lost: results are written row by row, files under temporary names.
 */
final class Interruption {
    /** As shells report Ctrl-C. */
    static final int CODE = 130;

    private static final int LOOKS = 50;
    private static volatile boolean over;

    private Interruption() {}

    /** From now on, until {@link #over}. */
    static void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(Interruption::end, "interruption"));
    }

    /** The work has ended by itself. */
    static void over() {
        over = true;
    }

    /** Looks for a while, since a computation may be between two operations; a process that waits for a child does not compute. */
    private static void end() {
        for (int i = 0; i < LOOKS && !over; i++) {
            if (computing()) {
                Runtime.getRuntime().halt(CODE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static boolean computing() {
        return Thread.getAllStackTraces().values().stream()
                .anyMatch(stack -> stack.length > 0
                        && stack[0].isNativeMethod()
                        && stack[0].getClassName().startsWith("org.bytedeco."));
    }
}
