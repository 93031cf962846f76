package org.videotg.app.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/**
 * Runs stages in parallel, each as soon as the stages it needs are done; of several ready ones, the one with the
 * longest remaining path first. The first failure stops all stages.
 */
final class Schedule {
    private static final long REPORT_MILLIS = 5_000;
    /** Share of the work from which on the time left is extrapolated. */
    private static final double TRUSTED = 0.1;

    private final List<Stage> stages;
    private final Map<String, Double> path = new HashMap<>();
    private final int workers;
    private final Consumer<String> out;
    private final Set<Stage> waiting = new HashSet<>();
    private final Set<Stage> running = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private RuntimeException failure;

    /** @param out receives a line of progress every few seconds */
    Schedule(List<Stage> stages, int workers, Consumer<String> out) {
        this.stages = List.copyOf(stages);
        this.workers = workers;
        this.out = out;
        stages.forEach(this::longestPath);
    }

    /** Returns the estimated seconds from the start of a stage to the end of all stages that depend on it. */
    private double longestPath(Stage stage) {
        Double known = path.get(stage.name());
        if (known == null) {
            known = stage.seconds()
                    + stages.stream()
                            .filter(next -> next.needs().contains(stage.name())
                                    || next.after().contains(stage.name()))
                            .mapToDouble(this::longestPath)
                            .max()
                            .orElse(0);
            path.put(stage.name(), known);
        }
        return known;
    }

    /**
     * Runs all stages that are not done.
     *
     * @throws InputException if a stage failed
     */
    void run() {
        stages.forEach(stage -> {
            if (stage.done()) {
                done.add(stage.name());
            } else {
                waiting.add(stage);
            }
        });
        double before = share();
        long started = System.nanoTime();
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(this::work, "stage-" + i);
            threads.add(thread);
            thread.start();
        }
        try {
            watch(before, started);
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new InputException("stopped; run the same command again to go on", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void watch(double before, long started) throws InterruptedException {
        for (Thread thread : threads) {
            for (thread.join(REPORT_MILLIS); thread.isAlive(); thread.join(REPORT_MILLIS)) {
                out.accept(line(before, (System.nanoTime() - started) / 1e9));
            }
        }
    }

    private void work() {
        try {
            for (Stage stage = next(); stage != null; stage = next()) {
                stage.action().run();
                if (!stage.done()) {
                    throw new IllegalStateException("stage " + stage.name() + " ended without " + stage.marker());
                }
                ended(stage);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            // The other threads would otherwise wait for this stage forever.
            failed(new IllegalStateException("a stage failed: " + e, e));
        }
    }

    private synchronized Stage next() throws InterruptedException {
        while (!waiting.isEmpty() && failure == null) {
            Stage ready = waiting.stream()
                    .filter(this::isReady)
                    .max(Comparator.comparingDouble((Stage stage) -> path.get(stage.name()))
                            .thenComparing(Stage::name))
                    .orElse(null);
            if (ready != null) {
                waiting.remove(ready);
                running.add(ready);
                return ready;
            }
            if (running.isEmpty()) {
                throw new IllegalStateException("stages wait for each other: " + waiting);
            }
            wait();
        }
        return null;
    }

    private boolean isReady(Stage stage) {
        return done.containsAll(stage.needs())
                && Stream.concat(waiting.stream(), running.stream())
                        .noneMatch(other -> stage.after().contains(other.name()));
    }

    private synchronized void ended(Stage stage) {
        running.remove(stage);
        done.add(stage.name());
        notifyAll();
    }

    private synchronized void failed(RuntimeException e) {
        if (failure == null) {
            failure = e;
            threads.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        }
        notifyAll();
    }

    private synchronized double share() {
        double all = stages.stream().mapToDouble(Stage::seconds).sum();
        return stages.stream()
                        .mapToDouble(stage -> stage.seconds()
                                * (running.contains(stage) || done.contains(stage.name()) ? stage.progress() : 0))
                        .sum()
                / all;
    }

    private synchronized String line(double before, double elapsed) {
        double share = share();
        double all = stages.stream().mapToDouble(Stage::seconds).sum();
        double planned = Math.max(
                (1 - share) * all / workers,
                stages.stream()
                        .filter(stage -> !done.contains(stage.name()))
                        .mapToDouble(stage -> path.get(stage.name()) - stage.seconds() * stage.progress())
                        .max()
                        .orElse(0));
        double gained = share - before;
        double pace = gained < TRUSTED ? 1 : elapsed * workers / (gained * all);
        long left = Math.round(planned * Math.min(20, Math.max(0.2, pace)));
        List<String> current = running.stream()
                .sorted(Comparator.comparing(Stage::name))
                .map(stage -> String.format(Locale.ROOT, "%s %.0f%%", stage.name(), 100 * stage.progress()))
                .toList();
        return String.format(
                Locale.ROOT,
                "run: %.0f%%, about %dm%02ds left; running: %s",
                100 * share,
                left / 60,
                left % 60,
                String.join(", ", current));
    }

    /**
     * A step of a project, done when its marker is there and sound. A stage whose marker is damaged runs again.
     *
     * @param command the command line of this program that does the work
     * @param key identifies the stage's settings: a stage with another key has another result
     * @param seconds CPU seconds, estimated
     * @param needs names of the stages that must be done before
     * @param after names of stages that it does not need, but waits for if they are run too
     * @param outputs files and folders it writes; the last one is written last, and marks that the stage is done
     * @param fraction estimates the share that is done from its files
     */
    record Stage(
            StageKind kind,
            String name,
            List<String> command,
            String key,
            double seconds,
            Set<String> needs,
            Set<String> after,
            List<Path> outputs,
            Action action,
            DoubleSupplier fraction) {
        Stage {
            command = List.copyOf(command);
            needs = Set.copyOf(needs);
            after = Set.copyOf(after);
            outputs = List.copyOf(outputs);
        }

        Path marker() {
            return outputs.get(outputs.size() - 1);
        }

        /** The work of a stage; running it again resumes it. */
        @FunctionalInterface
        interface Action {
            void run() throws InterruptedException;
        }

        /** Returns the stage with another estimate of the share that is done. */
        Stage progressing(DoubleSupplier estimate) {
            return new Stage(kind, name, command, key, seconds, needs, after, outputs, action, estimate);
        }

        /** Returns the stage with another key. */
        Stage keyed(String other) {
            return new Stage(kind, name, command, other, seconds, needs, after, outputs, action, fraction);
        }

        /** Returns the stage with another estimate of its CPU seconds. */
        Stage costing(double estimate) {
            return new Stage(kind, name, command, key, estimate, needs, after, outputs, action, fraction);
        }

        /** Returns the stage with other stages, by name, that must be done before. */
        Stage needing(Set<String> others) {
            return new Stage(kind, name, command, key, seconds, others, after, outputs, action, fraction);
        }

        /** Returns the stage with others, by name, that it waits for if they are run too. */
        Stage following(Set<String> others) {
            return new Stage(kind, name, command, key, seconds, needs, others, outputs, action, fraction);
        }

        /** Returns the stage with another action. */
        Stage acting(Action other) {
            return new Stage(kind, name, command, key, seconds, needs, after, outputs, other, fraction);
        }

        boolean done() {
            try {
                return Files.size(marker()) > 0
                        && (!marker().toString().endsWith(".json")
                                || !Json.read(marker()).isEmpty())
                        && (!marker().toString().endsWith(".jsonl")
                                || !Jsonl.read(marker()).isEmpty());
            } catch (IOException | InputException e) {
                return false;
            }
        }

        /** Returns the share that is done, in [0, 1]. */
        double progress() {
            return done() ? 1 : Math.min(0.99, Math.max(0, fraction.getAsDouble()));
        }
    }
}
