package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/**
 * VideoMind: intervals are clamped to [0, duration], rounded to a unit of the data set and reordered if reversed; an
 * empty prediction becomes [0, duration]. R@1, R@3, R@5 of the best predicted interval against the best truth, the
 * threshold itself counts; IoP is the intersection over the prediction. Everything in 32-bit floats, as in the
 * original; percent with two decimals. If several intervals of one row are reversed, all their ends move on by one
 * place together, as in the original. VideoMind's own dumps have been treated so already and are taken as they are.
 * Source: yeliudev/VideoMind videomind/eval/infer_auto.py and eval_auto.py, nncore's temporal operations.
 */
final class VideoMindProfile extends MetricProfile {
    private static final int[] RANKS = {1, 3, 5};
    private static final int LETTERS = 26;
    private static final String NAME = "videomind";
    private static final Double FINEST = 0.001;
    /** Units by the name of the annotations' format. */
    private static final Map<String, Double> UNITS = Map.of(
            "charades-sta", 0.1, "nextgqa", 0.1, "videochat-r1-gqa", 0.1, "rextime", 1.0, "tacos-frames", FINEST);

    private final double unit;

    /** @param unit seconds to which predictions are rounded */
    VideoMindProfile(double unit) {
        super(
                NAME,
                "IoU >= threshold; clamped to [0, D], rounded to " + unit
                        + " s, reordered; best truth; empty is [0, D]; percent");
        this.unit = unit;
        if (!(unit > 0)) {
            throw new InputException("the unit of profile videomind must be a positive number of seconds, not " + unit);
        }
    }

    /**
     * Seconds to which VideoMind rounds on the annotated set; null if neither annotations nor predictions show the set.
     */
    static Double unit(List<AnnotationFile> annotations, List<PredictedRow> predictions) {
        return annotations.stream()
                .map(VideoMindProfile::unit)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> {
                    boolean rounded =
                            !predictions.isEmpty() && predictions.stream().allMatch(row -> row.isFinalFor(NAME));
                    return rounded ? FINEST : null;
                });
    }

    private static Double unit(AnnotationFile file) {
        Annotation first = file.annotations().get(0);
        if (file.format().name().equals("qvhighlights")) {
            return first.fields().containsKey("saliency_scores")
                    ? Double.valueOf(2)
                    : first.video().matches("s[0-9]+-d[0-9]+") ? FINEST : null;
        }
        return UNITS.get(file.format().name());
    }

    @Override
    Score score(List<Pair> pairs) {
        List<ScoredRow> rows = new ArrayList<>();
        Counts iou = new Counts();
        Counts iop = new Counts();
        Answers answers = new Answers();
        for (Pair pair : pairs) {
            rows.add(pair.prediction() == null ? ScoredRow.missing(pair) : row(pair, iou, iop, answers));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        int n = Score.atLeastOne(this, Math.max(iou.tops.size(), answers.asked));
        if (!iou.tops.isEmpty()) {
            iou.into(metrics, "", "mIoU");
            iop.into(metrics, "IoP ", "mIoP");
        }
        answers.into(metrics);
        return Score.of(this, n, metrics, rows);
    }

    private ScoredRow row(Pair pair, Counts iou, Counts iop, Answers answers) {
        ScoredRow row = ScoredRow.scored(pair, List.of(), 0);
        boolean reachesIop = false;
        if (!pair.truths().isEmpty()) {
            boolean parsed = !ProfileRows.spans(this, pair).isEmpty()
                    && !pair.prediction().windows().failed();
            List<Span> used = prepare(pair);
            float top = iou.add(used, pair.truths(), false);
            reachesIop = iop.add(used, pair.truths(), true) >= 0.5f;
            row = ScoredRow.scored(
                    pair, ScoredRow.Match.of(List.of(used.get(0)), top, threshold -> top >= (float) threshold));
            row = parsed
                    ? row.noted(changed(pair.prediction().spans().get(0), used.get(0), pair.duration()))
                    : row.asUnparsed().noted("not grounded");
        }
        if (pair.annotation().answer() != null && pair.prediction().choice().answer() != null) {
            Boolean right = right(pair);
            answers.add(right, row.match().hits().contains(0.5), reachesIop);
            row = row.answered(Boolean.TRUE.equals(right));
        }
        return row;
    }

    /** What was done to the first interval; null if nothing. */
    private String changed(Span given, Span used, Double duration) {
        if ((float) given.start() == (float) used.start() && (float) given.end() == (float) used.end()) {
            return null;
        }
        List<String> done = new ArrayList<>();
        float start = clamp(given.start(), duration);
        float end = clamp(given.end(), duration);
        if (start != (float) given.start() || end != (float) given.end()) {
            done.add("clamped");
        }
        if (round(given.start(), duration) != start || round(given.end(), duration) != end) {
            done.add("rounded");
        }
        if (round(given.start(), duration) != (float) used.start()
                || round(given.end(), duration) != (float) used.end()) {
            done.add("reordered");
        }
        return String.join(", ", done) + " from " + given.title();
    }

    private List<Span> prepare(Pair pair) {
        List<Span> spans = pair.prediction().spans();
        boolean own = pair.prediction().isFinalFor(NAME);
        Double duration = pair.duration();
        if ((!own && duration == null) || (spans.isEmpty() && duration == null)) {
            throw new InputException("row \"" + pair.id()
                    + "\" has no duration, which profile videomind clamps to; give a "
                    + "second annotation file with durations");
        }
        if (spans.isEmpty()) {
            return List.of(new Span(0, duration));
        }
        return own
                ? spans
                : reorder(spans.stream()
                        .map(span -> new Span(round(span.start(), duration), round(span.end(), duration)))
                        .toList());
    }

    private float round(double seconds, double duration) {
        return (long) Math.rint(clamp(seconds, duration) / (float) unit) * (float) unit;
    }

    private static float clamp(double seconds, double duration) {
        return Math.min(Math.max((float) seconds, 0), (float) duration);
    }

    /**
     * All bounds of the reversed spans move on by one place, the last to the front: with a single one this exchanges
     * its ends.
     */
    @SuppressWarnings("ArgumentSelectionDefectChecker")
    private static List<Span> reorder(List<Span> spans) {
        List<Integer> reversed = IntStream.range(0, spans.size())
                .filter(i -> spans.get(i).end() < spans.get(i).start())
                .boxed()
                .toList();
        List<Span> ordered = new ArrayList<>(spans);
        for (int k = 0; k < reversed.size(); k++) {
            Span before = spans.get(reversed.get(k == 0 ? reversed.size() - 1 : k - 1));
            ordered.set(
                    reversed.get(k),
                    new Span(before.end(), spans.get(reversed.get(k)).start()));
        }
        return ordered;
    }

    /** Whether the first letter of the answer's first word is the right one; null if it is no option. */
    private static Boolean right(Pair pair) {
        String word = pair.prediction()
                .choice()
                .answer()
                .toLowerCase(Locale.ROOT)
                .split(" ", -1)[0]
                .replaceAll("[().]", "");
        int options = pair.annotation().options().isEmpty()
                ? LETTERS
                : pair.annotation().options().size();
        if (word.isEmpty() || word.charAt(0) < 'a' || word.charAt(0) >= 'a' + options) {
            return null;
        }
        return word.substring(0, 1).equals(pair.annotation().answer().toLowerCase(Locale.ROOT));
    }

    /** Hits at every rank and threshold. */
    private static final class Counts {
        private final int[][] hits = new int[RANKS.length][ScoredRow.THRESHOLDS.size()];
        private final List<Double> tops = new ArrayList<>();

        /** Adds a row and returns its overlap at rank 1. */
        float add(List<Span> predicted, List<Span> truths, boolean overPrediction) {
            float best = Float.NEGATIVE_INFINITY;
            float top = 0;
            int rank = 0;
            for (int i = 0; i < RANKS.length; i++) {
                for (; rank < Math.min(RANKS[i], predicted.size()); rank++) {
                    for (Span truth : truths) {
                        best = Math.max(best, overlap(predicted.get(rank), truth, overPrediction));
                    }
                    top = rank == 0 ? best : top;
                }
                for (int t = 0; t < hits[i].length; t++) {
                    hits[i][t] += best >= ScoredRow.THRESHOLDS.get(t).floatValue() ? 1 : 0;
                }
            }
            tops.add((double) top);
            return top;
        }

        private static float overlap(Span a, Span b, boolean overPrediction) {
            float length = (float) a.end() - (float) a.start();
            float intersection = Math.max(
                    0, Math.min((float) a.end(), (float) b.end()) - Math.max((float) a.start(), (float) b.start()));
            float overlap = intersection
                    / (overPrediction ? length : length + ((float) b.end() - (float) b.start()) - intersection);
            return Float.isFinite(overlap) ? overlap : 0;
        }

        void into(Map<String, Double> metrics, String prefix, String mean) {
            for (int i = 0; i < RANKS.length; i++) {
                for (int t = 0; t < hits[i].length; t++) {
                    metrics.put(
                            prefix + "R" + RANKS[i] + "@" + ScoredRow.THRESHOLDS.get(t),
                            percent(hits[i][t], tops.size()));
                }
            }
            metrics.put(mean, percent(Arithmetic.sum(tops), tops.size()));
        }
    }

    /** Right answers, and those whose first interval has an overlap of at least 0.5 too. */
    private static final class Answers {
        private int asked;
        private int right;
        private int withIou;
        private int withIop;

        void add(Boolean correct, boolean reachesIou, boolean reachesIop) {
            boolean yes = Boolean.TRUE.equals(correct);
            asked++;
            right += yes ? 1 : 0;
            withIou += yes && reachesIou ? 1 : 0;
            withIop += yes && reachesIop ? 1 : 0;
        }

        void into(Map<String, Double> metrics) {
            if (asked > 0) {
                metrics.put("Acc", percent(right, asked));
                metrics.put("Acc (IoU >= 0.5)", percent(withIou, asked));
                metrics.put("Acc (IoP >= 0.5)", percent(withIop, asked));
            }
        }
    }

    private static double percent(double part, int of) {
        return Arithmetic.fixed(part / of * 100, 2);
    }
}
