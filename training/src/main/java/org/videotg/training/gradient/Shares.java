package org.videotg.training.gradient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The division of items among workers: the longest item goes first, to the worker with the least to do, of several the
 * first. Items of equal length go to the workers in turn. It depends on lengths and number of workers alone, however the
 * workers are spread over processes.
 */
final class Shares {
    private Shares() {}

    /** Returns the numbers of the items of each worker, in ascending order. */
    static List<List<Integer>> of(long[] lengths, int workers) {
        long[] load = new long[workers];
        List<List<Integer>> shares = new ArrayList<>();
        IntStream.range(0, workers).forEach(worker -> shares.add(new ArrayList<>()));
        IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer item) -> lengths[item])
                        .reversed())
                .forEach(item -> {
                    int least = 0;
                    for (int worker = 1; worker < workers; worker++) {
                        least = load[worker] < load[least] ? worker : least;
                    }
                    load[least] += Math.max(1, lengths[item]);
                    shares.get(least).add(item);
                });
        shares.forEach(share -> share.sort(null));
        return shares;
    }
}
