package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.videotg.app.report.run.LabelledReflection;
import org.videotg.app.report.run.PrecisionRecall;
import org.videotg.app.report.run.ReflectionCurves;
import org.videotg.app.report.run.ReflectionCurves.ProbeReplies;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;

/**
 * Compares reflection verdicts with the planted truth: {@code ReflectionScore RUN...}, folders with
 * {@code world/train.jsonl}, {@code world/truth.jsonl} and {@code agents/reflections.jsonl}, whose samples are taken
 * together. Prints precision, recall, F1, the share of partial samples among the kept ones, the blind baseline's best
 * F1 with the difference and its 95% interval (samples drawn with replacement, 2,000 times; the baseline's threshold is
 * the best one of each draw), the probe's precision-recall curve, and how its P(yes) of a grid agrees with whether the
 * query holds there.
 */
public final class ReflectionScore {
    private static final int RESAMPLES = 2000;

    private ReflectionScore() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ReflectionScore RUN...", arguments, ReflectionScore::run);
    }

    private static void run(String[] arguments) {
        List<LabelledReflection> labelled = new ArrayList<>();
        List<Calibration.Pair> grids = new ArrayList<>();
        for (String run : arguments) {
            RunParts parts = RunReader.read(Path.of(run));
            List<LabelledReflection> found = LabelledReflection.of(parts);
            labelled.addAll(found);
            found.forEach(one ->
                    grids.addAll(grids(one, parts.truth().get(one.sample().id()))));
        }
        LabelledReflection.Confusion confusion = LabelledReflection.Confusion.of(labelled);
        int kept = confusion.falseNegatives() + confusion.trueNegatives();
        print("samples %d, truly partial %.3f", confusion.total(), confusion.baseRate());
        print("precision %.3f recall %.3f F1 %.3f", confusion.precision(), confusion.recall(), confusion.f1());
        print(
                "kept %d of %d, %.3f of them partial",
                kept, confusion.total(), confusion.falseNegatives() / Math.max(1.0, kept));
        double[] blind = ReflectionCurves.blindScores(labelled);
        double best = bestF1(labelled, blind, IntStream.range(0, blind.length).toArray());
        double[] interval = interval(labelled, blind);
        print(
                "best F1 of the blind baseline (annotated length and duration only) %.3f; difference %+.3f [%+.3f, %+.3f]",
                best, confusion.f1() - best, interval[0], interval[1]);
        Optional<PrecisionRecall> probe = ReflectionCurves.probe(labelled);
        probe.ifPresent(curve -> curve.points().stream()
                .filter(point -> Math.round(point.threshold() * 100) % 5 == 0)
                .forEach(point -> print(
                        "threshold %.2f precision %.3f recall %.3f F1 %.3f",
                        point.threshold(),
                        point.precision(),
                        point.recall(),
                        2 * point.precision() * point.recall() / Math.max(1e-9, point.precision() + point.recall()))));
        probe.ifPresent(curve -> print("best F1 on the probe's curve %.3f", curve.bestF1()));
        if (!grids.isEmpty()) {
            calibration(new Calibration(grids));
        }
    }

    /** Returns P(yes) of each probed grid and whether the query holds at its time. */
    private static List<Calibration.Pair> grids(LabelledReflection one, List<Interval> truth) {
        Optional<ProbeReplies> replies =
                ProbeReplies.of(one.sample(), one.verdict().replies());
        if (replies.isEmpty()) {
            return List.of();
        }
        int[] visible = replies.get().visible();
        return IntStream.range(0, visible.length)
                .mapToObj(i -> {
                    double time = replies.get().grids().grids().get(visible[i]).timestamp();
                    return new Calibration.Pair(
                            replies.get().yes()[i],
                            truth.stream().anyMatch(span -> span.start() <= time && time < span.end()));
                })
                .toList();
    }

    private static void calibration(Calibration grids) {
        print("P(yes) of %d grids: ECE %.3f, AUROC %.3f", grids.pairs().size(), grids.error(), grids.auroc());
        print("| P(yes) | grids | mean | the query holds |");
        print("|---|---|---|---|");
        grids.bins()
                .forEach(bin -> print(
                        "| %.1f to %.1f | %d | %.3f | %.3f |",
                        bin.from(), bin.to(), bin.samples(), bin.confidence(), bin.right()));
    }

    /** The 95% interval of the agent's F1 minus the baseline's best. */
    private static double[] interval(List<LabelledReflection> labelled, double[] blind) {
        Random random = Draw.generator(1, "reflection score");
        double[] differences = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            int[] drawn = random.ints(blind.length, 0, blind.length).toArray();
            List<LabelledReflection> sample =
                    Arrays.stream(drawn).mapToObj(labelled::get).toList();
            differences[i] = LabelledReflection.Confusion.of(sample).f1() - bestF1(labelled, blind, drawn);
        }
        Arrays.sort(differences);
        return new double[] {differences[(int) (RESAMPLES * .025)], differences[(int) (RESAMPLES * .975)]};
    }

    private static double bestF1(List<LabelledReflection> labelled, double[] blind, int[] drawn) {
        double[] scores = Arrays.stream(drawn).mapToDouble(i -> blind[i]).toArray();
        boolean[] truly = new boolean[drawn.length];
        IntStream.range(0, drawn.length)
                .forEach(i -> truly[i] = labelled.get(drawn[i]).truly());
        return PrecisionRecall.of(scores, truly).bestF1();
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
