package org.videotg.smallworld;

import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;

/**
 * The settings that determine a world.
 *
 * @param seed of all random draws
 * @param train number of training videos
 * @param test number of test videos, which are always completely annotated
 * @param partial see {@link AnnotationDefects}; likewise the next two
 * @param tasks whether {@code tasks.jsonl} and {@code scenes.jsonl} are written, with the complete truth of the
 * training videos
 * @param shuffleOptions whether the options of multiple-choice questions are in random order
 * @param task of the samples: {@link Task#VTG} (or null) or {@link Task#GQA}
 */
public record WorldSettings(
        DomainSettings domain,
        long seed,
        int train,
        int test,
        double partial,
        double truncated,
        double systematic,
        boolean tasks,
        boolean shuffleOptions,
        Task task) {
    /** @throws InputException if there are no videos, or a share is outside [0, 1] */
    public WorldSettings {
        Objects.requireNonNull(domain, "domain");
        task = task == null ? Task.VTG : task;
        if (task == Task.LIST) {
            throw new InputException(
                    "the samples of a world ask for one interval (vtg) or a question's answer (gqa), not list");
        }
        if (train < 0 || test < 0 || train + test == 0) {
            throw new InputException("a world needs at least one video, not " + train + " and " + test);
        }
        // Refuses shares outside [0, 1].
        new AnnotationDefects(partial, truncated, systematic);
    }

    /** Returns settings of a world for training on grounding, without pretraining tasks. */
    public static WorldSettings grounding(
            DomainSettings domain, long seed, int train, int test, AnnotationDefects defects) {
        return new WorldSettings(
                domain,
                seed,
                train,
                test,
                defects.partial(),
                defects.truncated(),
                defects.systematic(),
                false,
                false,
                Task.VTG);
    }

    public AnnotationDefects defects() {
        return new AnnotationDefects(partial, truncated, systematic);
    }

    /** Returns settings with grounded questions about the same videos where their query has a single answer. */
    public WorldSettings answering(boolean shuffled) {
        return new WorldSettings(domain, seed, train, test, partial, truncated, systematic, tasks, shuffled, Task.GQA);
    }

    /** Returns settings of a world for pretraining: complete annotations and tasks. */
    public static WorldSettings pretraining(DomainSettings domain, long seed, int train, int test) {
        return new WorldSettings(domain, seed, train, test, 0, 0, 0, true, false, Task.VTG);
    }

    /** Returns settings of the same world with other numbers of videos; the first videos are the same. */
    public WorldSettings withCounts(int otherTrain, int otherTest) {
        return new WorldSettings(
                domain, seed, otherTrain, otherTest, partial, truncated, systematic, tasks, shuffleOptions, task);
    }
}
