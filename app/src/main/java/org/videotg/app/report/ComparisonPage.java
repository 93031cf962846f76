package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.large;
import static org.videotg.app.report.chart.Numbers.percent;
import static org.videotg.app.report.chart.Numbers.signed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.videotg.app.report.chart.Charts;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.Comparison;
import org.videotg.benchmarks.metric.AnswerMetrics;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.HierarchicalBootstrap;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;

/** The page of a project with several data sets, seeds or base models: {@code report/index.html}. */
public final class ComparisonPage {
    private static final String NONE = "–";
    private static final double MILLION = 1e6;

    private ComparisonPage() {}

    /**
     * Writes the page.
     *
     * @param cells whose reports are linked by their paths, relative to {@code out}
     * @return the page that was written
     */
    public static Path write(Path out, List<Comparison> comparisons, List<String> cells) {
        Path page = out.resolve("report").resolve("index.html");
        Map<String, List<Comparison>> sets = new LinkedHashMap<>();
        comparisons.forEach(comparison -> sets.computeIfAbsent(comparison.data(), key -> new ArrayList<>())
                .add(comparison));
        StringBuilder body = new StringBuilder();
        String name = out.toAbsolutePath().normalize().getFileName().toString();
        body.append(Markup.element("header", Markup.text("h1", "videotg results: " + name)));
        sets.forEach((data, arms) -> body.append(section(data, arms)));
        StringBuilder links = new StringBuilder();
        cells.forEach(cell -> links.append(
                Markup.element("li", Markup.text("a", cell, "href", "../" + cell + "/report/index.html"))));
        body.append(Section.of("Reports of the runs", Markup.element("ul", links.toString())));
        try (FolderLock lock = FolderLock.beside(page, Duration.ofSeconds(5))) {
            AtomicFiles.writeString(page, Report.html("videotg results: " + name, body.toString()));
        }
        return page;
    }

    private static String section(String data, List<Comparison> arms) {
        return Section.of(
                data,
                results(arms).stream()
                        .map(sentence -> Markup.text("p", sentence, "class", "result"))
                        .collect(Collectors.joining()),
                table(arms),
                Markup.element("div", scores(arms) + curves(arms), "class", "charts"),
                Markup.text(
                        "p",
                        "Scores are means over the runs, one for each seed and base model. Differences in IoU: hierarchical "
                                + "bootstrap over bases, seeds and test samples, 95%; with two or three bases or seeds it "
                                + "is rather too narrow. Token-forwards include rollouts, training (a backward pass "
                                + "counts as 2) and the agents; in brackets their share of the reference's.",
                        "class",
                        "small"));
    }

    /** Returns what was found, a sentence for each data set; it claims a difference only if its interval excludes 0. */
    public static List<String> results(List<Comparison> comparisons) {
        return comparisons.stream()
                .filter(arm -> arm.role() == Arm.Role.METHOD && arm.difference().isPresent())
                .map(arm -> sentence(
                        arm,
                        reference(comparisons.stream()
                                .filter(other -> other.data().equals(arm.data()))
                                .toList())))
                .toList();
    }

    private static Comparison reference(List<Comparison> arms) {
        return arms.stream()
                .filter(arm -> arm.role() == Arm.Role.REFERENCE)
                .findFirst()
                .orElseThrow();
    }

    private static String sentence(Comparison method, Comparison reference) {
        HierarchicalBootstrap difference = method.difference().orElseThrow();
        String verdict = difference.low() > 0
                ? " beats "
                : difference.high() < 0 ? " falls behind " : " can't be told apart from ";
        return method.data() + ": “" + method.title() + "”" + verdict + "“" + reference.title() + "”: mIoU "
                + fixed(method.mean(GroundingMetrics::miou), 3) + " against "
                + fixed(reference.mean(GroundingMetrics::miou), 3) + ", difference " + interval(difference) + ", "
                + count(difference.cells())
                + (difference.cells() == 1 ? " run" : " runs")
                + method.computeShare()
                        .map(share -> ", with " + percent(share) + " of the token-forwards")
                        .orElse("")
                + ".";
    }

    private static String interval(HierarchicalBootstrap difference) {
        return signed(difference.meanDifference(), 3) + " [" + signed(difference.low(), 3) + ", "
                + signed(difference.high(), 3) + "]";
    }

    private static String table(List<Comparison> arms) {
        boolean answers =
                arms.stream().anyMatch(arm -> answers(arm, AnswerMetrics::accQa).isPresent());
        List<String> head = new ArrayList<>(List.of("arm", "runs"));
        head.addAll(answers ? List.of("Acc@QA", "Acc@GQA") : List.of());
        head.addAll(List.of(
                "mIoU", "R1@0.3", "R1@0.5", "R1@0.7", "mIoU over the reference [95%]", "token-forwards (share)"));
        List<List<String>> rows = new ArrayList<>();
        for (Comparison arm : arms) {
            List<String> row = new ArrayList<>(
                    List.of(Markup.escape(arm.title()), count(arm.results().size())));
            if (answers) {
                row.add(answers(arm, AnswerMetrics::accQa).orElse(NONE));
                row.add(answers(arm, AnswerMetrics::accGqa).orElse(NONE));
            }
            row.addAll(List.of(
                    fixed(arm.mean(GroundingMetrics::miou), 3),
                    fixed(arm.mean(GroundingMetrics::r1At03), 3),
                    fixed(arm.mean(GroundingMetrics::r1At05), 3),
                    fixed(arm.mean(GroundingMetrics::r1At07), 3),
                    arm.difference()
                            .map(found -> Section.difference(found.meanDifference(), found.low(), found.high()))
                            .orElse(NONE),
                    tokenForwards(arm)));
            rows.add(row);
        }
        return Section.stackedTable("All arms on the same test videos", head, rows);
    }

    /** Returns the token-forwards of an arm, with their share of the reference's in brackets. */
    private static String tokenForwards(Comparison arm) {
        return arm.tokenForwards() == 0
                ? NONE
                : large(arm.tokenForwards())
                        + arm.computeShare()
                                .map(share -> " (" + percent(share) + ")")
                                .orElse("");
    }

    private static Optional<String> answers(Comparison arm, ToDoubleFunction<AnswerMetrics> score) {
        OptionalDouble mean = arm.meanOfAnswers(score);
        return mean.isPresent() ? Optional.of(fixed(mean.getAsDouble(), 3)) : Optional.empty();
    }

    /** Every run as a point. */
    private static String scores(List<Comparison> arms) {
        List<Charts.Series> series = new ArrayList<>();
        for (Comparison arm : arms) {
            series.add(new Charts.Series(
                    arm.title(),
                    series.size(),
                    arm.results().stream()
                            .mapToDouble(result -> result.tokenForwards() / MILLION)
                            .toArray(),
                    arm.results().stream()
                            .mapToDouble(result -> result.metrics().miou())
                            .toArray(),
                    Charts.Series.Form.POINTS));
        }
        return Charts.lines(
                "Score and compute of every run",
                "One point for each arm, seed and base",
                Charts.fitted("million token-forwards, agents included", series, Charts.Series::x),
                Charts.fitted("mIoU", series, Charts.Series::y),
                series,
                List.of());
    }

    /** Mean scores on the way, of the arms whose models were kept. */
    private static String curves(List<Comparison> arms) {
        List<Charts.Series> series = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            List<List<Arm.CurvePoint>> curves = arms.get(i).results().stream()
                    .map(result -> result.arm().curve())
                    .filter(curve -> !curve.isEmpty())
                    .toList();
            int points = curves.stream().mapToInt(List::size).min().orElse(0);
            double[] x = new double[points];
            double[] y = new double[points];
            for (int p = 0; p < points; p++) {
                int at = p;
                x[p] = curves.stream()
                        .mapToDouble(curve -> curve.get(at).tokenForwards() / MILLION)
                        .average()
                        .orElseThrow();
                y[p] = curves.stream()
                        .mapToDouble(curve -> curve.get(at).metrics().miou())
                        .average()
                        .orElseThrow();
            }
            if (points > 0) {
                series.add(new Charts.Series(arms.get(i).title(), i, x, y, Charts.Series.Form.LINE));
            }
        }
        return series.isEmpty()
                ? ""
                : Charts.lines(
                        "Score during training, mean over the runs",
                        "",
                        "million token-forwards, agents included",
                        Charts.fitted("mIoU", series, Charts.Series::y),
                        series);
    }
}
