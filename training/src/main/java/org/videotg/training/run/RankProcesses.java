package org.videotg.training.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.run.Stop;
import org.videotg.training.distributed.RankLostException;

/** The ranks of a training on this machine, one child process each. When one fails, the others are ended. */
final class RankProcesses {
    /** For ranks to say what they know when another has failed. */
    private static final long GRACE_SECONDS = 5;

    private static final int SIGNALLED = 128;

    private final int count;
    private final Consumer<String> messages;
    private final Map<Integer, ProcessHandle> processes = new ConcurrentHashMap<>();
    private final BlockingQueue<Ended> ends = new LinkedBlockingQueue<>();

    /** A rank and how it ended. */
    private record Ended(int rank, int code, RuntimeException failure) {}

    RankProcesses(int count, Consumer<String> messages) {
        this.count = count;
        this.messages = messages;
    }

    /**
     * Runs the ranks to their end.
     *
     * @param child makes the process of a rank
     * @return exit code: 0 if all have done their part, else that which tells most
     */
    int run(IntFunction<ChildProcess> child) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            int rank = i;
            Thread thread = new Thread(() -> ends.add(end(rank, child.apply(rank))), "rank-" + rank);
            thread.setDaemon(true);
            thread.start();
        }
        try {
            return await();
        } finally {
            processes.values().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private Ended end(int rank, ChildProcess child) {
        try {
            int code = child.run(
                    line -> messages.accept(rank == 0 ? line : "rank " + rank + ": " + line),
                    process -> processes.put(rank, process));
            return new Ended(rank, code, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(rank, Stop.TERMINATED, null);
        } catch (RuntimeException e) {
            return new Ended(rank, 2, e);
        }
    }

    private int await() throws InterruptedException {
        Map<Integer, Integer> codes = new TreeMap<>();
        long until = Long.MAX_VALUE;
        boolean killed = false;
        while (codes.size() < count) {
            Ended ended = ends.poll(Math.max(1, Math.min(500, until - now())), TimeUnit.MILLISECONDS);
            if (ended == null) {
                if (now() > until && !killed) {
                    killed = true;
                    processes.forEach((rank, process) -> {
                        if (!codes.containsKey(rank)) {
                            process.destroyForcibly();
                        }
                    });
                }
                continue;
            }
            if (ended.failure() != null) {
                throw ended.failure();
            }
            boolean failed = ended.code() != 0 && !Stop.isStopCode(ended.code());
            if (failed && !killed) {
                report(ended);
                until = Math.min(until, now() + GRACE_SECONDS * 1000);
            }
            // What was killed from here says nothing.
            codes.put(ended.rank(), killed ? RankLostException.EXIT_CODE : ended.code());
        }
        return telling(codes);
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private void report(Ended ended) {
        if (ended.code() < 0 || ended.code() >= SIGNALLED) {
            messages.accept("rank " + ended.rank() + " (process "
                    + processes.get(ended.rank()).pid() + ") "
                    + (ended.code() < 0
                            ? "crashed with code 0x" + Integer.toHexString(ended.code())
                            : "was killed by signal " + (ended.code() - SIGNALLED)));
        }
    }

    /** Returns bad input or a defect first, then what a signal ended, then a lost rank, then a stop. */
    private static int telling(Map<Integer, Integer> codes) {
        return codes.values().stream()
                .filter(code -> code == 1 || code == 2)
                .findFirst()
                .or(() -> codes.values().stream()
                        .filter(code -> (code < 0 || code >= SIGNALLED) && !Stop.isStopCode(code))
                        .findFirst())
                .or(() -> codes.values().stream()
                        .filter(code -> code == RankLostException.EXIT_CODE)
                        .findFirst())
                .or(() -> codes.values().stream().filter(code -> code != 0).findFirst())
                .orElse(0);
    }
}
