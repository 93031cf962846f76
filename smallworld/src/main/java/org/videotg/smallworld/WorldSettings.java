package org.videotg.smallworld;

import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.DomainSettings;

/**
 * All that a world depends on.
 *
 * @param seed of every draw
 * @param train number of training videos
 * @param test number of test videos; their annotations are always complete
 * @param partial share of the training samples whose annotation is partial
 * @param truncated share of the partial ones that are truncated; the others are repeated
 * @param tasks whether {@code tasks.jsonl} and {@code scenes.jsonl} are written, which hold the complete truth
 * @param shuffleOptions whether the options of multiple-choice questions stand in a drawn order
 * @param task what the samples ask: {@link Task#VTG}, which null means too, or {@link Task#GQA}
 * @throws InputException if there is no video to make, or a share lies outside [0, 1]
 */
public record WorldSettings(
        DomainSettings domain,
        long seed,
        int train,
        int test,
        double partial,
        double truncated,
        boolean tasks,
        boolean shuffleOptions,
        Task task) {
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
        if (!(partial >= 0 && partial <= 1) || !(truncated >= 0 && truncated <= 1)) {
            throw new InputException(
                    "\"partial\" and \"truncated\" must lie in [0, 1], not " + partial + " and " + truncated);
        }
    }

    /** Training annotations are partial as {@code partial} and {@code truncated} say; no pretraining tasks. */
    public static WorldSettings grounding(
            DomainSettings domain, long seed, int train, int test, double partial, double truncated) {
        return new WorldSettings(domain, seed, train, test, partial, truncated, false, false, Task.VTG);
    }

    /** Grounded questions are asked, of the same videos as far as their query has one answer. */
    public WorldSettings answering(boolean shuffled) {
        return new WorldSettings(domain, seed, train, test, partial, truncated, tasks, shuffled, Task.GQA);
    }

    /** Complete annotations and the tasks that a model is pretrained on. */
    public static WorldSettings pretraining(DomainSettings domain, long seed, int train, int test) {
        return new WorldSettings(domain, seed, train, test, 0, 0, true, false, Task.VTG);
    }

    /** The same world with other counts: its first videos are the same. */
    public WorldSettings withCounts(int otherTrain, int otherTest) {
        return new WorldSettings(domain, seed, otherTrain, otherTest, partial, truncated, tasks, shuffleOptions, task);
    }
}
