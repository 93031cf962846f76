package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * On which rows two profiles differ, and why.
 *
 * @param first scored by one profile
 * @param second the same pairs, scored by another
 * @param rows that differ, in the order of the pairs
 */
public record Difference(Score first, Score second, List<Row> rows) {
    /** IoUs closer than this are the same: 32-bit and 64-bit arithmetic differ by less. */
    private static final double SAME_IOU = 1e-6;

    /** What sets a row apart in two profiles: the first of these that holds. */
    public enum Reason {
        LEFT_OUT("one profile leaves the row out"),
        UNPARSABLE("only one profile can read the prediction"),
        SUBSTITUTE("only one profile puts an interval in the place of a prediction without one"),
        INTERVAL("the profiles take another interval from the prediction"),
        IOU("the same interval has another IoU"),
        THRESHOLD("the IoU is a threshold itself"),
        ANSWER("the answer is right for one profile only");

        private final String title;

        Reason(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** A row that differs. */
    public record Row(String id, Reason reason, ScoredRow first, ScoredRow second) {}

    public Difference {
        rows = List.copyOf(rows);
    }

    /** Compares two scores of the same pairs. */
    public static Difference of(Score first, Score second) {
        if (first.rows().size() != second.rows().size()) {
            throw new IllegalArgumentException(
                    "scores of " + first.rows().size() + " and " + second.rows().size() + " pairs");
        }
        List<Row> rows = new ArrayList<>();
        IntStream.range(0, first.rows().size()).forEach(i -> {
            Reason reason = reason(first.rows().get(i), second.rows().get(i));
            if (reason != null) {
                rows.add(new Row(
                        first.rows().get(i).id(),
                        reason,
                        first.rows().get(i),
                        second.rows().get(i)));
            }
        });
        return new Difference(first, second, rows);
    }

    /** How many rows differ for each reason. */
    public Map<Reason, Integer> counts() {
        Map<Reason, Integer> counts = new LinkedHashMap<>();
        for (Reason reason : Reason.values()) {
            int of = (int) rows.stream().filter(row -> row.reason() == reason).count();
            if (of > 0) {
                counts.put(reason, of);
            }
        }
        return counts;
    }

    /** Mean IoU and the share of rows that pass 0.3, 0.5 and 0.7, in percent of the rows that a score counts. */
    public static Map<String, Double> headline(Score score) {
        List<ScoredRow> counted =
                score.rows().stream().filter(ScoredRow::counts).toList();
        Map<String, Double> headline = new LinkedHashMap<>();
        headline.put(
                "mIoU",
                100 * Arithmetic.sum(counted.stream().map(ScoredRow::iou).toList()) / counted.size());
        ScoredRow.THRESHOLDS.forEach(
                t -> headline.put("R@" + t, 100.0 * ProfileRows.hits(counted, t) / counted.size()));
        return headline;
    }

    private static Reason reason(ScoredRow a, ScoredRow b) {
        if (a.counts() != b.counts()) {
            return Reason.LEFT_OUT;
        }
        if (!a.counts()) {
            return null;
        }
        if (a.parsed() != b.parsed()) {
            return Reason.UNPARSABLE;
        }
        ScoredRow.Match x = a.match();
        ScoredRow.Match y = b.match();
        if (!x.used().isEmpty() && !y.used().isEmpty() && !same(x.used(), y.used())) {
            return Reason.INTERVAL;
        }
        if (!(Math.abs(x.iou() - y.iou()) < SAME_IOU) && Double.compare(x.iou(), y.iou()) != 0) {
            return x.used().isEmpty() == y.used().isEmpty() ? Reason.IOU : Reason.SUBSTITUTE;
        }
        if (!x.hits().equals(y.hits())) {
            return Reason.THRESHOLD;
        }
        return a.right() != null && b.right() != null && !a.right().equals(b.right()) ? Reason.ANSWER : null;
    }

    private static boolean same(List<Span> a, List<Span> b) {
        return a.size() == b.size()
                && IntStream.range(0, a.size())
                        .allMatch(i -> close(a.get(i).start(), b.get(i).start())
                                && close(a.get(i).end(), b.get(i).end()));
    }

    private static boolean close(double a, double b) {
        return Math.abs(a - b) <= SAME_IOU * Math.max(1, Math.abs(a)) || a == b;
    }
}
