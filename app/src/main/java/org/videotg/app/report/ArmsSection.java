package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.large;
import static org.videotg.app.report.chart.Numbers.percent;
import static org.videotg.app.report.chart.Numbers.signed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.videotg.app.report.analysis.Comparison;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.Compute;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.metric.GroundingMetrics;

/** The table of arms: how well each grounds, and what it has cost. */
final class ArmsSection {
    private static final String NONE = "–";
    private static final List<ToDoubleFunction<GroundingMetrics>> MEASURES = List.of(GroundingMetrics::miou,
            GroundingMetrics::r1At03, GroundingMetrics::r1At05, GroundingMetrics::r1At07);

    private ArmsSection() {}

    static String of(RunParts run) {
        if (run.arms().isEmpty()) {
            return Section.of("Arms", Section.missing("This run has no arms: nothing was trained or evaluated."));
        }
        Optional<Arm> reference = run.reference().filter(arm -> run.arms().size() > 1);
        List<String> head = new ArrayList<>(List.of("arm", "mIoU", "R1@0.3", "R1@0.5", "R1@0.7"));
        reference.ifPresent(arm -> head.add("mIoU over " + arm.title() + " [95 %]"));
        head.addAll(List.of("N", "parse failures", "samples", "CPU s", "agents' share", "token-forwards", "agents' share"));
        List<List<String>> rows = new ArrayList<>();
        for (Arm arm : run.arms()) {
            List<String> row = new ArrayList<>(List.of(Markup.escape(arm.title())));
            MEASURES.forEach(measure -> row.add(arm.metrics().map(metrics -> measured(run, metrics, measure)).orElse(NONE)));
            reference.ifPresent(other -> row.add(arm == other ? NONE : difference(arm, other)));
            row.add(arm.metrics().map(metrics -> count(metrics.n())).orElse(NONE));
            row.add(arm.metrics().map(metrics -> count(metrics.parseFailures())).orElse(NONE));
            row.add(arm.samples().map(samples -> count(samples)).orElse(NONE));
            row.addAll(cost(arm));
            rows.add(row);
        }
        String caption = "Arms on the same held-out videos, whole; the best of a measure is bold";
        return Section.of("Arms", Section.table(caption, head, rows), Markup.text("p", "An IoU at the threshold counts; an "
                + "unparsed reply counts as IoU 0. CPU seconds and token-forwards hold everything: rollouts, training (a backward "
                + "pass counts 2) and the agents' inference over every sample they looked at. Differences: paired bootstrap over "
                + "test samples; an interval that holds 0 shows no difference.", "class", "small"));
    }

    private static String measured(RunParts run, GroundingMetrics metrics, ToDoubleFunction<GroundingMetrics> measure) {
        double best = run.arms().stream().flatMap(arm -> arm.metrics().stream()).mapToDouble(measure).max().orElse(0);
        double value = measure.applyAsDouble(metrics);
        long evaluated = run.arms().stream().filter(arm -> arm.metrics().isPresent()).count();
        String text = fixed(value, 3);
        return evaluated > 1 && value >= best ? Markup.element("strong", text) : text;
    }

    private static String difference(Arm arm, Arm reference) {
        return Comparison.of(arm, reference).bootstrap().map(difference -> signed(difference.meanDifference(), 3) + " ["
                + signed(difference.low(), 3) + ", " + signed(difference.high(), 3) + "]").orElse(NONE);
    }

    private static List<String> cost(Arm arm) {
        if (arm.compute().isEmpty()) {
            return List.of(NONE, NONE, NONE, NONE);
        }
        Compute compute = arm.compute().get();
        return List.of(fixed(compute.totalCpuSeconds(), 0), share(compute.agentCpuSeconds(), compute.totalCpuSeconds()),
                large(compute.totalTokenForwards()), share(compute.agentTokenForwards(), compute.totalTokenForwards()));
    }

    private static String share(double part, double whole) {
        return part > 0 ? percent(part / whole) : NONE;
    }
}
