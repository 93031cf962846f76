package org.videotg.app.demo;

import java.util.List;
import java.util.Locale;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.report.run.ArmCost;

/** The table of arms, as text. */
public final class DemoTable {
    private static final String ROW = "%-28s %7s  %s%5s  %6s  %6s  %6s  %16s  %20s";
    private static final String ANSWERS = "%6s  %7s  ";

    private DemoTable() {}

    /** An arm with its scores. */
    public record Line(ArmRow arm, EvaluationMetrics metrics) {}

    /** One line an arm, below a head; the agents' share of the cost stands in brackets. */
    public static List<String> of(List<Line> lines) {
        List<String> text = new java.util.ArrayList<>();
        boolean asked = lines.stream().anyMatch(line -> line.metrics().gqa() != null);
        text.add(String.format(
                Locale.ROOT,
                ROW,
                "arm",
                "samples",
                asked ? String.format(ANSWERS, "Acc@QA", "Acc@GQA") : "",
                "mIoU",
                "R1@0.3",
                "R1@0.5",
                "R1@0.7",
                "CPU s (agents)",
                "token-fwd (agents)"));
        lines.forEach(line -> text.add(row(line.arm(), line.metrics())));
        return text;
    }

    private static String row(ArmRow arm, EvaluationMetrics metrics) {
        ArmCost cost = arm.compute();
        boolean agents = cost.agentPool() > 0;
        String seconds = arm.samples() == 0
                ? "-"
                : number("%.0f", cost.total().cpuSeconds())
                        + (agents ? number(" (%.0f)", cost.agents().cpuSeconds()) : "");
        String tokens = arm.samples() == 0
                ? "-"
                : number("%.1fM", cost.total().tokenForwards() / 1e6)
                        + (agents ? number(" (%.1fM)", cost.agents().tokenForwards() / 1e6) : "");
        return String.format(
                Locale.ROOT,
                ROW,
                arm.title(),
                arm.samples() == 0 ? "-" : arm.samples(),
                metrics.gqa() == null
                        ? ""
                        : String.format(
                                ANSWERS,
                                number("%.3f", metrics.gqa().accQa()),
                                number("%.3f", metrics.gqa().accGqa())),
                number("%.3f", metrics.miou()),
                number("%.3f", metrics.r1At03()),
                number("%.3f", metrics.r1At05()),
                number("%.3f", metrics.r1At07()),
                seconds,
                tokens);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
