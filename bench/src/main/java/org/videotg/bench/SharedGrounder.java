package org.videotg.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.videotg.Curator;
import org.videotg.Grounder;
import org.videotg.Moment;
import org.videotg.core.sample.Sample;

/**
 * Threads share a {@link Grounder} for some minutes: whether every answer is that of a single thread, and how much the
 * resident memory grows after the first tenth of the time. Arguments: MODEL DATA THREADS MINUTES, with DATA in the
 * project's format.
 */
final class SharedGrounder {
    private static final int SAMPLES = 20;

    private SharedGrounder() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        List<Sample> all = Curator.read(Path.of(arguments[1]));
        List<Sample> samples = all.subList(0, Math.min(SAMPLES, all.size()));
        int threads = Integer.parseInt(arguments[2]);
        long nanos = TimeUnit.MINUTES.toNanos(Long.parseLong(arguments[3]));
        try (Grounder grounder = Grounder.open(arguments[0])) {
            List<List<Moment>> alone =
                    samples.stream().map(sample -> ground(grounder, sample)).toList();
            long started = System.nanoTime();
            AtomicLong answers = new AtomicLong();
            AtomicLong different = new AtomicLong();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                running.add(pool.submit(() -> {
                    for (int i = first; System.nanoTime() - started < nanos; i++) {
                        int sample = i % samples.size();
                        if (!ground(grounder, samples.get(sample)).equals(alone.get(sample))) {
                            different.incrementAndGet();
                        }
                        answers.incrementAndGet();
                    }
                }));
            }
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(nanos / 10));
            long early = LoadMemory.kilobytes("VmRSS");
            for (Future<?> future : running) {
                future.get();
            }
            pool.shutdown();
            long end = LoadMemory.kilobytes("VmRSS");
            System.out.printf(
                    Locale.ROOT,
                    "%d threads, %d answers, %d different from those of one thread; resident %,d kB after a tenth of the"
                            + " time, %,d kB at the end (%+.1f%%)%n",
                    threads,
                    answers.get(),
                    different.get(),
                    early,
                    end,
                    100.0 * (end - early) / early);
        }
    }

    private static List<Moment> ground(Grounder grounder, Sample sample) {
        return grounder.ground(Path.of(sample.video()), sample.query());
    }
}
