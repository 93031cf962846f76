package org.videotg.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well probabilities agree with what happened.
 *
 * @param pairs the probabilities and what happened
 */
record Calibration(List<Pair> pairs) {
    private static final int BINS = 10;

    /** A probability and whether what it is about happened. */
    record Pair(double confidence, boolean right) {}

    /** The pairs of one of ten bins, with the mean probability and the share that happened; bins without pairs have none. */
    record Bin(int number, int samples, double confidence, double right) {
        double from() {
            return number / (double) BINS;
        }

        double to() {
            return (number + 1) / (double) BINS;
        }
    }

    Calibration {
        pairs = List.copyOf(pairs);
    }

    List<Bin> bins() {
        List<Bin> bins = new ArrayList<>();
        for (int number = 0; number < BINS; number++) {
            int wanted = number;
            List<Pair> in = pairs.stream()
                    .filter(pair -> bin(pair.confidence()) == wanted)
                    .toList();
            if (!in.isEmpty()) {
                bins.add(new Bin(
                        number,
                        in.size(),
                        in.stream().mapToDouble(Pair::confidence).average().orElse(0),
                        in.stream().filter(Pair::right).count() / (double) in.size()));
            }
        }
        return bins;
    }

    private static int bin(double confidence) {
        return Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence * BINS) - 1));
    }

    /** The expected calibration error: mean distance of a bin's probability and share, weighted by its pairs. */
    double error() {
        return bins().stream()
                .mapToDouble(bin -> Math.abs(bin.confidence() - bin.right()) * bin.samples() / pairs.size())
                .sum();
    }

    /** The share of pairs of one that happened and one that did not of which the first has the higher probability. */
    double auroc() {
        List<Pair> rising = pairs.stream()
                .sorted(Comparator.comparingDouble(Pair::confidence))
                .toList();
        double above = 0;
        long wrong = 0;
        for (int i = 0; i < rising.size(); ) {
            long tiedRight = 0;
            long tiedWrong = 0;
            double confidence = rising.get(i).confidence();
            for (; i < rising.size() && rising.get(i).confidence() == confidence; i++) {
                tiedRight += rising.get(i).right() ? 1 : 0;
                tiedWrong += rising.get(i).right() ? 0 : 1;
            }
            above += tiedRight * (wrong + tiedWrong / 2.0);
            wrong += tiedWrong;
        }
        return above / (wrong * (double) (pairs.size() - wrong));
    }
}
