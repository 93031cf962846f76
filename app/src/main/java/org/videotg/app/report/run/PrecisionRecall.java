package org.videotg.app.report.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A precision-recall curve by falling threshold (rising recall), without thresholds at which nothing is flagged. */
public record PrecisionRecall(List<Point> points) {
    /** Precision and recall when all items with a score of at least the threshold are flagged. */
    public record Point(double threshold, double precision, double recall) {}

    public PrecisionRecall {
        points = List.copyOf(points);
    }

    /**
     * Computes the curve of scored items: every distinct score is a threshold.
     *
     * @param scores higher means more likely positive
     * @param truly whether each item is positive
     */
    public static PrecisionRecall of(double[] scores, boolean[] truly) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        long positives = IntStream.range(0, truly.length).filter(i -> truly[i]).count();
        List<Point> points = new ArrayList<>();
        int hits = 0;
        for (int rank = 0; rank < order.length && positives > 0; rank++) {
            hits += truly[order[rank]] ? 1 : 0;
            boolean last = rank + 1 == order.length || scores[order[rank + 1]] < scores[order[rank]];
            if (last) {
                points.add(new Point(scores[order[rank]], hits / (rank + 1.0), hits / (double) positives));
            }
        }
        return new PrecisionRecall(points);
    }

    /** Returns the best F1 along the curve; 0 without points. */
    public double bestF1() {
        return points.stream()
                .mapToDouble(p -> 2 * p.precision() * p.recall() / Math.max(1e-12, p.precision() + p.recall()))
                .max()
                .orElse(0);
    }

    public double[] recalls() {
        return points.stream().mapToDouble(Point::recall).toArray();
    }

    public double[] precisions() {
        return points.stream().mapToDouble(Point::precision).toArray();
    }

    /** Returns the labels of the samples. */
    static boolean[] labels(List<LabelledReflection> labelled) {
        boolean[] truly = new boolean[labelled.size()];
        IntStream.range(0, truly.length).forEach(i -> truly[i] = labelled.get(i).truly());
        return truly;
    }
}
