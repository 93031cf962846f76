package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.partOf;
import static org.videotg.app.report.chart.Numbers.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.app.report.chart.Axis;
import org.videotg.app.report.chart.Charts;
import org.videotg.app.report.run.LabelledReflection;
import org.videotg.app.report.run.PrecisionRecall;
import org.videotg.app.report.run.ReflectionCurves;
import org.videotg.app.report.run.RunParts;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/** The reflection agent's verdicts, compared with the planted truth where there is one. */
final class ReflectionSection {
    private static final String TITLE = "Boundary reflection";

    private ReflectionSection() {}

    static String of(RunParts run) {
        if (run.reflections().isEmpty()) {
            return Section.of(TITLE, Section.missing("No agents/reflections.jsonl: no annotation was checked."));
        }
        List<LabelledReflection> labelled = LabelledReflection.of(run);
        long flagged = run.reflections().values().stream()
                .filter(ReflectionVerdict::partial)
                .count();
        String counts = Section.paragraph(
                "The agent looks for moments outside the annotated interval in which the sentence holds as"
                        + " well; a sample with such moments is partially annotated, and training on it would punish right"
                        + " answers. It judged " + count(run.reflections().size()) + " samples and found "
                        + partOf(flagged, run.reflections().size()) + " partially annotated; "
                        + count(run.reflections().values().stream()
                                .filter(v -> v.undecided() && !v.failed())
                                .count())
                        + " are undecided (its replies allowed no verdict; kept), "
                        + count(run.reflections().values().stream()
                                .filter(ReflectionVerdict::failed)
                                .count())
                        + " could not be judged.");
        if (labelled.isEmpty()) {
            return Section.of(
                    TITLE,
                    counts,
                    Section.missing(
                            "Nobody has compared these verdicts with the videos, so that it is not known how often "
                                    + "the agent is right. ./videotg review shows the doubtful ones."));
        }
        LabelledReflection.Confusion confusion = LabelledReflection.Confusion.of(labelled);
        return Section.of(
                TITLE + " against the planted truth",
                counts,
                Section.paragraph(
                        "The videos are rendered, so that it is known when each sentence really holds: the planted"
                                + " truth. Precision is the share of truly partial samples among those found, recall the share"
                                + " that is found; F1 is their harmonic mean."),
                definition(labelled.get(0).settings()),
                Section.columns(table(confusion) + scores(confusion) + purity(run), curve(labelled, confusion)));
    }

    private static String definition(ReflectionSettings settings) {
        return Section.paragraph(
                "A sample is truly partial if the planted truth exceeds the annotation after this is widened by the "
                        + "tolerance on both sides; the tolerance is the agent's, max("
                        + fixed(settings.deltaSeconds(), 2) + " s, "
                        + percent(settings.deltaRatio())
                        + " of the annotated length). Only this report reads the planted truth.");
    }

    private static String table(LabelledReflection.Confusion confusion) {
        return Section.table(
                "Samples by verdict and truth (undecided ones count as kept)",
                List.of("verdict", "truly partial", "truly complete"),
                List.of(
                        List.of("found partial", count(confusion.truePositives()), count(confusion.falsePositives())),
                        List.of("kept", count(confusion.falseNegatives()), count(confusion.trueNegatives()))));
    }

    private static String scores(LabelledReflection.Confusion confusion) {
        return Section.table(
                "Precision and recall of the agent",
                List.of("rule", "precision", "recall", "F1"),
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
        for (LabelledReflection.Purity set : LabelledReflection.Purity.of(run)) {
            rows.add(List.of(
                    set.set(),
                    count(set.samples()),
                    count(set.partial()),
                    percent((set.samples() - set.partial()) / (double) set.samples())));
        }
        return Section.table(
                "Truly partial samples by set", List.of("set", "samples", "truly partial", "complete"), rows);
    }

    private static String curve(List<LabelledReflection> labelled, LabelledReflection.Confusion confusion) {
        Optional<PrecisionRecall> probe = ReflectionCurves.probe(labelled);
        PrecisionRecall blind = ReflectionCurves.blind(labelled);
        List<Charts.Series> series = new ArrayList<>();
        probe.ifPresent(curve -> series.add(
                Charts.Series.line("probe, by threshold of P(yes)", 0, curve.recalls(), curve.precisions())));
        series.add(Charts.Series.line(
                "blind baseline: annotated length and duration only", 1, blind.recalls(), blind.precisions()));
        series.add(new Charts.Series(
                "the agent's verdicts in this run",
                2,
                new double[] {confusion.recall()},
                new double[] {confusion.precision()},
                Charts.Series.Form.POINTS));
        String title = probe.map(curve -> "At its best threshold the probe reaches F1 " + fixed(curve.bestF1(), 2)
                        + ", the blind baseline " + fixed(blind.bestF1(), 2))
                .orElse("The agent reaches F1 " + fixed(confusion.f1(), 2) + ", the blind baseline at its best "
                        + fixed(blind.bestF1(), 2));
        String chart = Charts.lines(
                title,
                "Precision against recall of finding partially annotated samples",
                Axis.unit("recall of partial samples"),
                Axis.unit("precision"),
                series,
                List.of(new Charts.Mark(
                        confusion.baseRate(), false, "flag everything: " + fixed(confusion.baseRate(), 2))));
        String note = "The blind baseline sees no video: it is the share of truly partial samples among the "
                + ReflectionCurves.NEIGHBOURS + " nearest in length and duration, " + ReflectionCurves.FOLDS
                + "-fold, with their truth given."
                + (probe.isPresent()
                        ? ""
                        : " Verdicts of the form list have no probabilities, so the agent is a point, not a curve.");
        return chart + Section.paragraph(note);
    }
}
