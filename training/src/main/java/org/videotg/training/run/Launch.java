package org.videotg.training.run;

import java.util.Optional;
import java.util.OptionalInt;
import org.videotg.core.io.InputException;
import org.videotg.training.distributed.RankVariables;

/**
 * The processes of a training.
 *
 * @param ranks that are started on this machine
 * @param own the rank that this process stands for, if a launcher has started the ranks one by one
 * @param restarts after a crash, however far a run has got; without it, as many as {@link Supervisor} allows
 */
public record Launch(int ranks, Optional<RankVariables> own, OptionalInt restarts) {
    /** One process. */
    public static final Launch SINGLE = new Launch(1, Optional.empty(), OptionalInt.empty());

    public Launch {
        if (ranks < 1 || ranks > RankVariables.MAX) {
            throw new InputException("--ranks must be from 1 to " + RankVariables.MAX + ", not " + ranks);
        }
        if (restarts.isPresent() && restarts.getAsInt() < 0) {
            throw new InputException("--restarts must be at least 0, not " + restarts.getAsInt());
        }
    }

    /** Returns the number of the own rank. */
    int rank() {
        return own.map(RankVariables::rank).orElse(0);
    }
}
