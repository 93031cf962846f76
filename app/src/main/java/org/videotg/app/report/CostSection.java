package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.large;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.run.Cost;
import org.videotg.method.agent.Verdict;
import org.videotg.method.selection.Selection;

/** How many samples the agents judged, at what cost, and how many the selection kept. */
final class CostSection {
    private CostSection() {}

    static String of(RunParts run) {
        List<List<String>> agents = new ArrayList<>();
        agent(agents, "boundary reflection", run.reflections().values());
        agent(agents, "difficulty estimation", run.difficulties().values());
        String cost = agents.isEmpty()
                ? Section.missing(
                        "No verdicts of agents: neither agents/reflections.jsonl nor agents/difficulty.jsonl.")
                : Section.table(
                        "Cost of the agents",
                        List.of(
                                "agent",
                                "samples",
                                "not judged",
                                "CPU s",
                                "token-forwards",
                                "token-forwards per sample",
                                "model"),
                        agents);
        String funnel = run.selection()
                .map(CostSection::funnel)
                .orElse(Section.missing("No selection.json: no samples were selected by verdicts."));
        return Section.of("Pool and cost of the agents", cost, funnel);
    }

    private static void agent(List<List<String>> rows, String name, Collection<? extends Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        Cost cost = verdicts.stream().map(Verdict::cost).reduce(Cost.NONE, Cost::plus);
        String model = verdicts.stream()
                .filter(verdict -> verdict.model() != null)
                .map(verdict -> String.valueOf(verdict.model().name()))
                .findFirst()
                .orElse("–");
        rows.add(List.of(
                name,
                count(verdicts.size()),
                count(verdicts.stream().filter(Verdict::failed).count()),
                fixed(cost.cpuSeconds(), 0),
                large((double) cost.tokenForwards()),
                large((double) cost.tokenForwards() / verdicts.size()),
                Markup.escape(model)));
    }

    private static String funnel(Selection.Report report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("in the dataset", report.original()));
        rows.add(row("looked at (the pool)", report.pool()));
        rows.add(row("kept (undecided ones included)", report.kept()));
        optional(rows, "of these, undecided: the agent's replies allowed no verdict", report.undecided());
        optional(rows, "kept with a repaired annotation", report.repaired());
        rows.add(row("discarded as partial", report.discarded()));
        optional(rows, "pending: waiting for a person's decision", report.pending());
        optional(rows, "not judged: the video or the replies failed", report.failed());
        optional(rows, "kept without a difficulty", report.unrated());
        rows.add(row("hard to ground", report.hard()));
        rows.add(row(
                "no candidates: hard and possibly wrongly annotated, or not wanted by the strategy",
                report.ineligible()));
        rows.add(row("wanted", report.wanted()));
        rows.add(List.of(Markup.element("strong", "selected"), Markup.element("strong", count(report.selected()))));
        String strategy = report.settings() == null
                ? ""
                : ", strategy "
                        + Markup.escape(report.settings().path("strategy").asText());
        return Section.table(
                "Samples by stage" + strategy + (report.full() ? "" : ": fewer were found than wanted"),
                List.of("samples", "count"),
                rows);
    }

    private static void optional(List<List<String>> rows, String name, int samples) {
        if (samples > 0) {
            rows.add(row(name, samples));
        }
    }

    private static List<String> row(String name, int samples) {
        return List.of(name, count(samples));
    }
}
