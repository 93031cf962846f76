package org.videotg.training.distributed;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.Limit;
import org.videotg.core.run.ProcessUsage;

/**
 * Watches over the other ranks. Each rank writes a sign of life into the store every two seconds. Rank 0 reads those of
 * all, the others that of rank 0, which also holds what rank 0 has found. A rank is lost if
 * <ul>
 *   <li>it says that it fails,
 *   <li>its sign of life stays the same: it is dead, stopped or cut off,
 *   <li>it takes no processor time while others wait for it: it is stuck,
 *   <li>it finishes nothing, while others wait for it, for five times as long as any rank has worked between two
 *       exchanges so far, and at least {@link Limit#RANK_SECONDS}; before the first step, for an hour,
 *   <li>it keeps the store, and the store does not answer.
 * </ul>
 */
final class RankWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankWatch.class);

    /**
     * How long each of these lasts.
     *
     * @param beat between two signs of life
     * @param lost without a new sign of life
     * @param stuck without processor time
     * @param starting without progress before the first step
     * @param slow without progress after that, at least
     */
    record Limits(Duration beat, Duration lost, Duration stuck, Duration starting, Duration slow) {
        static Limits usual() {
            return new Limits(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(Limit.RANK_SECONDS.value()));
        }
    }

    /** So many times as long as any work before may work take. */
    private static final double SLOWER = 5;

    /** Share of a core that a rank which computes takes at least. */
    private static final double BUSY = 0.01;

    private static final int BEATS_TO_TELL = 4;
    private static final long TIMER_MILLIS = 500;

    /**
     * A sign of life.
     *
     * @param count rises with every one
     * @param waiting whether the rank waits for others, or for the disk
     * @param progress rises with every part of the work that is done
     * @param longest seconds of work between two exchanges so far; negative before the first step
     * @param failure that the rank has met or found, as a sentence; else null
     * @param ended whether the rank has done its part
     */
    private record Beat(
            long count,
            boolean waiting,
            long progress,
            double longest,
            double cpuSeconds,
            String failure,
            boolean ended) {}

    /** What has been seen of a rank: its last sign of life, when it came, and when it last worked. */
    private static final class Seen {
        private Beat last;
        private long changed;
        private long worked;
        private long progressed;
        private double workedAt;
    }

    private final Supplier<RankStore> connection;
    private final RankVariables variables;
    private final List<RankName> names;
    private final Limits limits;
    private final Consumer<RankLostException> lost;
    private final Map<Integer, Seen> seen = new HashMap<>();
    private final Object signal = new Object();
    private final Thread watcher = new Thread(this::watch, "rank-watch");
    private final Thread timer = new Thread(this::time, "rank-watch-timer");

    private long beats;
    private volatile boolean waiting;
    private volatile long progress;
    private volatile double longest = -1;
    private long begun;
    private volatile String failure;
    /** Whether the failure is that of this rank, which it reports itself. */
    private volatile boolean failing;

    private volatile boolean ended;
    private volatile boolean othersEnded;
    private volatile boolean closed;
    private volatile long round = System.nanoTime();
    private volatile RankLostException verdict;

    /**
     * Creates a watch.
     *
     * @param connection to the store, for this watch alone
     * @param lost is told when a rank is lost, in a thread of the watch
     */
    RankWatch(
            Supplier<RankStore> connection,
            RankVariables variables,
            List<RankName> names,
            Limits limits,
            Consumer<RankLostException> lost) {
        this.connection = connection;
        this.variables = variables;
        this.names = names;
        this.limits = limits;
        this.lost = lost;
        watcher.setDaemon(true);
        timer.setDaemon(true);
    }

    /** Writes a first sign of life, which all have done before any is read. */
    static void announce(RankStore store, int rank) {
        store.set(key(rank), new Beat(0, false, 0, -1, 0, null, false));
    }

    void start() {
        watcher.start();
        timer.start();
    }

    private static String key(int rank) {
        return "beat/" + rank;
    }

    /** Notes that the first step begins. */
    void stepsBegin() {
        begun = System.nanoTime();
        longest = 0;
        progress();
    }

    /** Notes whether this rank waits. Called by the thread that exchanges. */
    void waiting(boolean now) {
        if (!now) {
            begun = System.nanoTime();
        } else if (longest >= 0) {
            longest = Math.max(longest, (System.nanoTime() - begun) / 1e9);
        }
        waiting = now;
        progress();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void progress() {
        // A lost update between threads does no harm: it only has to change.
        progress++;
    }

    private void watch() {
        try (RankStore store = connection.get()) {
            while (!closed) {
                round = System.nanoTime();
                publish(store);
                if (variables.rank() == 0) {
                    boolean all = true;
                    for (int rank = 1; rank < names.size() && failure == null; rank++) {
                        all &= look(store, rank);
                    }
                    othersEnded = all;
                } else {
                    othersEnded = look(store, 0);
                }
                round = System.nanoTime();
                tell(store);
                synchronized (signal) {
                    if (!closed && (failure == null || verdict != null)) {
                        signal.wait(limits.beat().toMillis());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the store does not answer", e);
            if (!closed && !ended && verdict == null) {
                decide(store() + " (" + RankStore.firstLine(e) + ")");
            }
        }
    }

    private void publish(RankStore store) {
        beats++;
        store.set(
                key(variables.rank()),
                new Beat(
                        beats,
                        waiting,
                        progress,
                        longest < 0 ? longest : longestOfAll(),
                        ProcessUsage.cpuSeconds(),
                        failure,
                        ended));
    }

    /** Returns the longest work of any rank that is known here. */
    private double longestOfAll() {
        return seen.values().stream().mapToDouble(other -> other.last.longest()).reduce(longest, Math::max);
    }

    /** Publishes what was found and, in rank 0, leaves the others the time to read it. */
    private void tell(RankStore store) throws InterruptedException {
        String found = failure;
        if (found == null || verdict != null) {
            return;
        }
        publish(store);
        if (variables.rank() == 0) {
            Thread.sleep(limits.beat().toMillis() * BEATS_TO_TELL);
        }
        decide(found);
    }

    private void decide(String found) {
        RankLostException decided = new RankLostException(found, null);
        synchronized (signal) {
            if (verdict != null) {
                return;
            }
            verdict = decided;
            signal.notifyAll();
        }
        if (!failing) {
            lost.accept(decided);
        }
    }

    private String store() {
        return variables.agentStore()
                ? "the store at " + variables.address() + ":" + variables.port()
                        + ", which torchrun keeps, does not answer"
                : names.get(0) + " is dead, stopped or cut off: the store that it keeps does not answer";
    }

    /**
     * Reads a rank's sign of life, and notes a failure if it is lost.
     *
     * @return whether the rank has done its part
     */
    private boolean look(RankStore store, int rank) {
        Beat beat = store.get(key(rank), Beat.class);
        long now = System.nanoTime();
        Seen known = seen.computeIfAbsent(rank, number -> new Seen());
        boolean first = known.last == null;
        if (first || beat.count() != known.last.count()) {
            known.changed = now;
        }
        if (first || beat.waiting() || beat.progress() != known.last.progress()) {
            known.progressed = now;
        }
        if (first
                || beat.waiting()
                || beat.cpuSeconds() - known.workedAt >= BUSY * limits.stuck().toNanos() / 1e9) {
            known.worked = now;
            known.workedAt = beat.cpuSeconds();
        }
        known.last = beat;
        String name = names.get(rank).toString();
        if (beat.failure() != null) {
            failure = beat.failure();
        } else if (beat.ended()) {
            return true;
        } else if (now - known.changed > limits.lost().toNanos()) {
            failure = name + " has given no sign of life for " + limits.lost().toSeconds()
                    + " s: it is dead, stopped or cut off";
        } else if (now - known.worked > limits.stuck().toNanos() && someWait()) {
            failure = name + " is stuck: it has taken no processor time for "
                    + limits.stuck().toSeconds() + " s while others wait for it";
        } else if (now - known.progressed > patience(beat).toNanos() && someWait()) {
            failure = name + " is stuck: it has finished nothing for " + (now - known.progressed) / 1_000_000_000
                    + " s while others wait for it" + (beat.longest() < 0 ? ", before the first step" : longer());
        }
        return false;
    }

    private String longer() {
        return String.format(
                Locale.ROOT,
                ", and no work took more than %.0f s so far; if it may, start with "
                        + "VIDEOTG_JAVA_OPTS=-Dvideotg.limit.rankSeconds=N and more than %d",
                longestOfAll(),
                limits.slow().toSeconds());
    }

    /** How long a rank may finish nothing while others wait. */
    private Duration patience(Beat of) {
        if (of.longest() < 0) {
            return limits.starting();
        }
        Duration known = Duration.ofNanos((long) (SLOWER * longestOfAll() * 1e9));
        return known.compareTo(limits.slow()) > 0 ? known : limits.slow();
    }

    private boolean someWait() {
        return waiting || seen.values().stream().anyMatch(other -> other.last != null && other.last.waiting());
    }

    /** A stopped process that keeps the store does not answer at all, so that the watcher itself waits. */
    private void time() {
        try {
            while (!closed && verdict == null) {
                Thread.sleep(TIMER_MILLIS);
                // Telling takes a while, too.
                if (variables.rank() != 0
                        && watcher.isAlive()
                        && System.nanoTime() - round > limits.lost().toNanos()) {
                    decide(store());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says why this rank fails, and waits until the others can have read it. */
    void fail(String message) {
        if (failure == null && verdict == null) {
            failing = true;
            failure = names.get(variables.rank()) + " failed: " + message;
            synchronized (signal) {
                signal.notifyAll();
            }
            await(limits.beat().multipliedBy(2L * BEATS_TO_TELL));
        }
    }

    /** Returns the exception for a failed exchange: which rank is lost, as soon as that is known. */
    RankLostException lost(RuntimeException cause) {
        await(limits.lost().plus(limits.stuck()));
        return verdict != null
                ? new RankLostException(verdict.getMessage(), cause)
                : new RankLostException(
                        "the exchange with the other ranks failed (" + RankStore.firstLine(cause) + ")", cause);
    }

    private void await(Duration most) {
        long until = System.nanoTime() + most.toNanos();
        synchronized (signal) {
            try {
                while (verdict == null && !closed && System.nanoTime() < until) {
                    signal.wait(Math.max(1, Math.min(100, (until - System.nanoTime()) / 1_000_000)));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Says that this rank has done its part. Rank 0, which keeps the store, waits for the others to say so. */
    @Override
    public void close() {
        ended = true;
        synchronized (signal) {
            signal.notifyAll();
        }
        try {
            long until = System.nanoTime() + limits.lost().toNanos();
            long said = beats;
            while (watcher.isAlive()
                    && verdict == null
                    && System.nanoTime() < until
                    && (beats <= said + 1 || (variables.keepsStore() && !othersEnded))) {
                synchronized (signal) {
                    signal.notifyAll();
                }
                Thread.sleep(20);
            }
            closed = true;
            synchronized (signal) {
                signal.notifyAll();
            }
            watcher.join(limits.beat().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
