package org.videotg.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.app.report.run.LabelledReflection;
import org.videotg.app.report.run.PrecisionRecall;
import org.videotg.app.report.run.ReflectionCurves;
import org.videotg.app.report.run.RunReader;

/**
 * Compares reflection verdicts with the planted truth: {@code ReflectionScore RUN}, a folder with
 * {@code world/train.jsonl}, {@code world/truth.jsonl} and {@code agents/reflections.jsonl}. Prints precision, recall,
 * F1, the share of partial samples among the kept ones, the probe's precision-recall curve and the blind baseline's
 * best F1.
 */
public final class ReflectionScore {
    private ReflectionScore() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ReflectionScore RUN", arguments, ReflectionScore::run);
    }

    private static void run(String[] arguments) {
        List<LabelledReflection> labelled = LabelledReflection.of(RunReader.read(Path.of(arguments[0])));
        LabelledReflection.Confusion confusion = LabelledReflection.Confusion.of(labelled);
        int kept = confusion.falseNegatives() + confusion.trueNegatives();
        print("samples %d, truly partial %.3f", confusion.total(), confusion.baseRate());
        print("precision %.3f recall %.3f F1 %.3f", confusion.precision(), confusion.recall(), confusion.f1());
        print(
                "kept %d of %d, %.3f of them partial",
                kept, confusion.total(), confusion.falseNegatives() / Math.max(1.0, kept));
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
        print(
                "best F1 of the blind baseline (annotated length and duration only) %.3f",
                ReflectionCurves.blind(labelled).bestF1());
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
