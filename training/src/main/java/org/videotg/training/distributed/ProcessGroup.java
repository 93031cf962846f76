package org.videotg.training.distributed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.tensor.Device;

/**
 * The ranks of a training, seen from one of them. All ranks call the same methods in the same order. For use by one
 * thread, except where a method says otherwise.
 */
public sealed interface ProcessGroup extends AutoCloseable permits SingleProcess, RankGroup {
    /** Returns the number of this rank, from 0. */
    int rank();

    int size();

    /** Returns the number of this rank among those of its host, from 0. */
    int localRank();

    /** Returns whether this rank writes what is written once. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /** Returns the ranks in order; empty for a single process. */
    List<RankName> names();

    /** Says where the tensors are that will be exchanged. */
    void use(Device device);

    /**
     * Returns the values of all ranks, by rank.
     *
     * @param mine values that JSON can hold
     */
    <T> List<List<T>> gather(List<T> mine, Class<T> type);

    /** Waits until all ranks have come this far. */
    default void await() {
        gather(List.of(), String.class);
    }

    /**
     * Begins to exchange parts: part k of what is sent goes to rank k, and part k of what is received comes from rank k.
     * Any thread may call this, one at a time.
     *
     * @param received of the same length as {@code sent}, a multiple of the number of ranks; both contiguous
     * @return to be awaited once, before either tensor is used
     */
    Exchange exchange(Tensor received, Tensor sent);

    /** An exchange that is under way. */
    @FunctionalInterface
    interface Exchange {
        void await();
    }

    /**
     * Completes a tensor of which each rank has one part.
     *
     * @param whole contiguous, of a multiple of the number of ranks; part k comes from rank k
     */
    void complete(Tensor whole);

    /**
     * Notes that all that comes before the first step is done: from here on a rank is stuck if it finishes nothing for much
     * longer than any work took.
     */
    void stepsBegin();

    /** Notes that this rank gets on, for the others that may wait for it. Any thread may call it. */
    void progress();

    /** Writes to disk; the others do not take this rank for stuck meanwhile. */
    void whileWriting(Runnable write);

    /** Asks all ranks to stop. Any thread may call it. */
    void askToStop();

    /** Returns whether, at the last {@link #gather}, a rank had been asked to stop. All ranks return the same. */
    boolean isStopping();

    /** Says why this rank fails, to the others; any thread may call it. */
    void fail(String message);

    /** Returns what the exchange has cost this rank so far. */
    Spent spent();

    /**
     * Seconds that a rank has spent on the others since its last start.
     *
     * @param waiting for values of all ranks, mostly for the slowest rank
     * @param exchanging tensors
     * @param joining the group
     */
    record Spent(double waiting, double exchanging, double joining) {}

    /**
     * Checks that all ranks do the same.
     *
     * @param mine what must be equal, by a name that messages can use
     * @throws InputException on all ranks, naming those that differ from rank 0 and in what
     */
    default void requireSame(Map<String, String> mine) {
        List<List<JsonNode>> all = gather(List.of(Json.MAPPER.valueToTree(mine)), JsonNode.class);
        JsonNode first = all.get(0).get(0);
        List<String> different = new ArrayList<>();
        for (int rank = 1; rank < size(); rank++) {
            JsonNode other = all.get(rank).get(0);
            List<String> names = mine.keySet().stream()
                    .filter(name -> !first.path(name).equals(other.path(name)))
                    .sorted()
                    .toList();
            if (!names.isEmpty()) {
                different.add(names().get(rank) + " has another " + String.join(", another ", names));
            }
        }
        if (!different.isEmpty()) {
            throw new InputException(
                    String.join("; ", different) + " than " + names().get(0) + "; give all ranks the same");
        }
    }

    @Override
    void close();
}
