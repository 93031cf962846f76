package org.videotg.app.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * A part of the demo that is done when its last file is there.
 *
 * @param seconds that it takes about, on one core
 * @param needs names of stages that must be done before
 * @param marker the file it writes last
 * @param fraction share of it that is done, as far as its files tell
 */
record Stage(String name, double seconds, Set<String> needs, Path marker, Action action, DoubleSupplier fraction) {
    Stage {
        needs = Set.copyOf(needs);
    }

    /** The work of a stage. Running it again goes on where it was stopped. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    boolean done() {
        return Files.exists(marker);
    }

    /** In [0, 1]. */
    double progress() {
        return done() ? 1 : Math.min(0.99, Math.max(0, fraction.getAsDouble()));
    }
}
