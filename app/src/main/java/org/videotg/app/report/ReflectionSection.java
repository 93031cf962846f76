package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.partOf;
import static org.videotg.app.report.chart.Numbers.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.app.report.analysis.Confusion;
import org.videotg.app.report.analysis.LabelledReflection;
import org.videotg.app.report.analysis.PrecisionRecall;
import org.videotg.app.report.analysis.Purity;
import org.videotg.app.report.analysis.ReflectionCurves;
import org.videotg.app.report.chart.Axis;
import org.videotg.app.report.chart.Charts;
import org.videotg.app.report.chart.Series;
import org.videotg.app.report.run.RunParts;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/** The reflection agent held against the planted truth. */
final class ReflectionSection {
    private static final String TITLE = "Boundary reflection against the planted truth";

    private ReflectionSection() {}

    static String of(RunParts run) {
        if (run.reflections().isEmpty()) {
            return Section.of(TITLE, Section.missing("No agents/reflections.jsonl: no annotation was reflected on."));
        }
        List<LabelledReflection> labelled = LabelledReflection.of(run);
        long flagged = run.reflections().values().stream()
                .filter(ReflectionVerdict::partial)
                .count();
        String counts = Section.paragraph(
                "The agent looked at " + count(run.reflections().size()) + " samples and found "
                        + partOf(flagged, run.reflections().size()) + " partially annotated; "
                        + count(run.reflections().values().stream()
                                .filter(v -> v.undecided() && !v.failed())
                                .count())
                        + " undecided (kept), "
                        + count(run.reflections().values().stream()
                                .filter(ReflectionVerdict::failed)
                                .count())
                        + " could not be judged.");
        if (labelled.isEmpty()) {
            return Section.of(
                    "Boundary reflection",
                    counts,
                    Section.missing(
                            "No planted truth about these samples, so nobody knows how often the agent is right."));
        }
        Confusion confusion = Confusion.of(labelled);
        return Section.of(
                TITLE,
                counts,
                definition(labelled.get(0).settings()),
                Section.columns(table(confusion) + scores(confusion) + purity(run), curve(labelled, confusion)));
    }

    private static String definition(ReflectionSettings settings) {
        return Section.paragraph(
                "A sample counts as truly partial iff the planted truth minus the annotation, widened by the "
                        + "tolerance on both sides, is not empty; the tolerance is max("
                        + fixed(settings.deltaSeconds(), 2) + " s, "
                        + percent(settings.deltaRatio())
                        + " of the annotated length), as the agent's own. No step of the run reads the "
                        + "planted truth; only this report does.");
    }

    private static String table(Confusion confusion) {
        return Section.table(
                "Verdicts by truth, samples (undecided ones count as kept)",
                List.of("", "truly partial", "truly complete"),
                List.of(
                        List.of("found partial", count(confusion.truePositives()), count(confusion.falsePositives())),
                        List.of("kept", count(confusion.falseNegatives()), count(confusion.trueNegatives()))));
    }

    private static String scores(Confusion confusion) {
        return Section.table(
                "How often the agent is right",
                List.of("", "precision", "recall", "F1"),
                List.of(
                        List.of(
                                "agent",
                                fixed(confusion.precision(), 3),
                                fixed(confusion.recall(), 3),
                                fixed(confusion.f1(), 3)),
                        List.of(
                                "flag everything",
                                fixed(confusion.baseRate(), 3),
                                confusion.baseRate() > 0 ? fixed(1, 3) : fixed(0, 3),
                                fixed(2 * confusion.baseRate() / (1 + confusion.baseRate()), 3))));
    }

    private static String purity(RunParts run) {
        List<List<String>> rows = new ArrayList<>();
        for (Purity set : Purity.of(run)) {
            rows.add(List.of(
                    set.set(),
                    count(set.samples()),
                    count(set.partial()),
                    percent((set.samples() - set.partial()) / (double) set.samples())));
        }
        return Section.table(
                "How pure each set of samples is", List.of("set", "samples", "truly partial", "complete"), rows);
    }

    private static String curve(List<LabelledReflection> labelled, Confusion confusion) {
        Optional<PrecisionRecall> probe = ReflectionCurves.probe(labelled);
        PrecisionRecall blind = ReflectionCurves.blind(labelled);
        List<Series> series = new ArrayList<>();
        probe.ifPresent(curve ->
                series.add(Series.line("probe, by threshold of P(yes)", 0, curve.recalls(), curve.precisions())));
        series.add(Series.line(
                "blind baseline: annotated length and duration only", 1, blind.recalls(), blind.precisions()));
        series.add(new Series(
                "the agent's verdicts in this run",
                2,
                new double[] {confusion.recall()},
                new double[] {confusion.precision()},
                Series.Form.POINTS));
        String title = probe.map(curve -> "At its best threshold the probe reaches F1 " + fixed(curve.bestF1(), 2)
                        + ", the blind baseline " + fixed(blind.bestF1(), 2))
                .orElse("The agent reaches F1 " + fixed(confusion.f1(), 2) + ", the blind baseline at its best "
                        + fixed(blind.bestF1(), 2));
        String chart = Charts.lines(
                title,
                "Precision against recall of telling partially annotated samples",
                Axis.unit("recall of partial samples"),
                Axis.unit("precision"),
                series,
                List.of(new Charts.Mark(
                        confusion.baseRate(), false, "flag everything: " + fixed(confusion.baseRate(), 2))));
        String note = "The blind baseline never sees a video: it is the share of truly partial samples among the "
                + ReflectionCurves.NEIGHBOURS + " nearest in length and duration, " + ReflectionCurves.FOLDS
                + "-fold, and it is given their truth."
                + (probe.isPresent()
                        ? ""
                        : " These verdicts hold no probabilities of every grid (form list), so the agent is a point, not a curve.");
        return chart + Section.paragraph(note);
    }
}
