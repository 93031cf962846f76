package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.fixed;
import static org.videotg.app.report.chart.Numbers.percent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.app.report.chart.Axis;
import org.videotg.app.report.chart.Charts;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.TrainingMetrics.Points;

/** Training curves and the mask schedule, one colour per arm. */
final class TrainingSection {
    private static final String STEP = "training step";
    /** The radius of the moving average is this fraction of the steps: 1 / SMOOTHING. */
    private static final int SMOOTHING = 20;

    private static final int POINTS = 160;

    /** GRPO's loss does not measure progress, so only arms without a reward show it. */
    private static final Figure LOSS = new Figure(
            "Supervised loss",
            "loss",
            "loss (nats per token)",
            arm -> arm.training().points("step", "reward").isEmpty());

    private static final Figure REWARD = new Figure(
            "Reward on the arm's own training samples", "reward", "mean reward of a step, own samples", arm -> true);
    private static final Figure ANSWERS =
            new Figure("Right options", "reward.answer", "share of right options, mean of a step", arm -> true);

    private TrainingSection() {}

    /**
     * A figure of training metrics.
     *
     * @param key in {@code metrics.jsonl}
     * @param label of the axis
     * @param shown the arms whose curves are drawn
     */
    private record Figure(String title, String key, String label, Predicate<Arm> shown) {}

    /** An arm's curve of one figure; the colour is the arm's index in the run. */
    private record Curve(Arm arm, int colour, Points points) {
        Charts.Series series() {
            return Charts.Series.line(arm.title(), colour, points.x(), points.y());
        }

        Charts.Series smooth() {
            return series().smoothed(Math.max(1, points.x().length / SMOOTHING)).thinned(POINTS);
        }

        /** Returns the curve without what comes later; nothing is masked there. */
        Curve until(double step) {
            int[] kept = IntStream.range(0, points.x().length)
                    .filter(i -> points.x()[i] <= step)
                    .toArray();
            return new Curve(
                    arm,
                    colour,
                    new Points(
                            Arrays.stream(kept).mapToDouble(i -> points.x()[i]).toArray(),
                            Arrays.stream(kept).mapToDouble(i -> points.y()[i]).toArray()));
        }

        /** Returns the curve moved along x by the cost of the agents, which run before training. */
        Curve afterAgents() {
            double before =
                    arm.compute().map(cost -> cost.agents().cpuSeconds()).orElse(0.0);
            return new Curve(
                    arm,
                    colour,
                    new Points(Arrays.stream(points.x()).map(x -> x + before).toArray(), points.y()));
        }
    }

    static String of(RunParts run) {
        if (run.arms().stream().allMatch(arm -> arm.training().rows().isEmpty())) {
            return Section.of("Training", Section.missing("No metrics.jsonl: this run has not trained yet."));
        }
        String mean = run.arms().stream().anyMatch(TrainingSection::usesAgents)
                ? " Over CPU seconds, a curve starts at the cost of the agents that its arm uses; decoding and features "
                        + "of videos are left out."
                : "";
        String charts = test(run)
                + byStep(run, REWARD)
                + byCpu(run, REWARD)
                + byStep(run, ANSWERS)
                + byStep(run, LOSS)
                + byCpu(run, LOSS)
                + silence(run)
                + masks(run);
        return Section.of(
                "Training",
                Section.paragraph(
                        "Bold lines are moving averages; pale ones show every step. GRPO samples several replies"
                                + " (rollouts) to a prompt and learns from those that earn more than the others of their group;"
                                + " the reward is the weighted sum of IoU and form that the recipe states. Each arm's reward is"
                                + " that on the samples it trains on, masked ones included, so that rewards of arms with"
                                + " different samples can't be compared with each other; mIoU on the test samples can."
                                + mean),
                Markup.element("div", charts, "class", "charts"));
    }

    /** The test samples' mIoU of models on the way, which all arms share. */
    private static String test(RunParts run) {
        List<Charts.Series> series = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < run.arms().size(); i++) {
            Arm arm = run.arms().get(i);
            if (arm.curve().size() > 1) {
                series.add(Charts.Series.line(
                        arm.title(),
                        i,
                        arm.curve().stream().mapToDouble(Arm.CurvePoint::steps).toArray(),
                        arm.curve().stream()
                                .mapToDouble(point -> point.metrics().miou())
                                .toArray()));
                ends.add(arm.title() + " ends at "
                        + fixed(
                                arm.curve()
                                        .get(arm.curve().size() - 1)
                                        .metrics()
                                        .miou(),
                                3));
            }
        }
        return series.isEmpty()
                ? ""
                : Charts.lines(
                        "mIoU on the same test samples by step: " + String.join("; ", ends),
                        String.join("; ", ends),
                        STEP,
                        Charts.fitted("mIoU on test samples", series, Charts.Series::y),
                        series);
    }

    private static List<Curve> curves(RunParts run, String x, String y, Predicate<Arm> wanted) {
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < run.arms().size(); i++) {
            Arm arm = run.arms().get(i);
            Points points = arm.training().points(x, y);
            if (!points.isEmpty() && wanted.test(arm)) {
                curves.add(new Curve(arm, i, points));
            }
        }
        return curves;
    }

    private static String byStep(RunParts run, Figure figure) {
        List<Curve> curves = curves(run, "step", figure.key(), figure.shown());
        return curves.isEmpty()
                ? ""
                : drawn(figure.title() + " by step: " + change(curves), STEP, figure.label(), curves);
    }

    private static String byCpu(RunParts run, Figure figure) {
        List<Curve> curves = curves(run, "cpuSeconds", figure.key(), figure.shown()).stream()
                .map(Curve::afterAgents)
                .toList();
        if (curves.isEmpty()) {
            return "";
        }
        String ends = curves.stream()
                .map(curve -> curve.arm().title() + " ends after "
                        + fixed(Arrays.stream(curve.points().x()).max().orElse(0), 0) + " s")
                .collect(Collectors.joining("; "));
        boolean agents = curves.stream().map(Curve::arm).anyMatch(TrainingSection::usesAgents);
        String x = agents ? "CPU seconds, agents included" : "CPU seconds";
        return drawn(figure.title() + " by cost: " + ends, x, figure.label(), curves);
    }

    private static boolean usesAgents(Arm arm) {
        return arm.compute().filter(cost -> cost.agents().cpuSeconds() > 0).isPresent();
    }

    private static String drawn(String title, String x, String y, List<Curve> curves) {
        List<Charts.Series> series = new ArrayList<>();
        curves.forEach(curve -> series.add(curve.series().thinned(POINTS).faint()));
        curves.forEach(curve -> series.add(curve.smooth()));
        return Charts.lines(title, change(curves), x, Charts.fitted(y, series, Charts.Series::y), series);
    }

    private static String change(List<Curve> curves) {
        return curves.stream()
                .map(curve ->
                        curve.arm().title() + " from " + fixed(curve.points().start(), 2) + " to "
                                + fixed(curve.points().end(), 2))
                .collect(Collectors.joining("; "));
    }

    private static String silence(RunParts run) {
        List<Curve> curves = curves(run, "step", "noSignal", arm -> true);
        if (curves.isEmpty()) {
            return "";
        }
        String title = "Groups without signal: "
                + curves.stream()
                        .map(curve -> curve.arm().title() + " "
                                + percent(Arrays.stream(curve.points().y())
                                        .average()
                                        .orElse(0)))
                        .collect(Collectors.joining("; "))
                + " of all groups";
        List<Charts.Series> series = curves.stream().map(Curve::smooth).toList();
        double most = series.stream()
                .flatMapToDouble(one -> Arrays.stream(one.y()))
                .max()
                .orElse(1);
        return Charts.lines(
                title,
                "A group has no signal if all its rollouts have the same reward",
                STEP,
                Axis.fromZero("share of groups without signal", most),
                series);
    }

    private static String masks(RunParts run) {
        List<Curve> curves = curves(run, "step", "maskRatio", arm -> true).stream()
                .filter(curve -> Arrays.stream(curve.points().y()).anyMatch(ratio -> ratio > 0))
                .toList();
        if (curves.isEmpty()) {
            return Section.missing("No mask schedule: no arm was trained with masked videos.");
        }
        String title = "Mask schedule: "
                + curves.stream()
                        .map(curve -> curve.arm().title() + " masks until step " + fixed(lastMasked(curve.points()), 0))
                        .collect(Collectors.joining("; "));
        double last = curves.stream()
                .mapToDouble(curve -> lastMasked(curve.points()))
                .max()
                .orElse(0);
        List<Charts.Series> series = curves.stream()
                .map(curve -> curve.until(last + 1).series().thinned(POINTS))
                .toList();
        return Charts.lines(
                title,
                "The curriculum hides a part of hard videos, less from step to step. Mean over the samples of a step; samples that are not hard count as 0",
                STEP,
                Axis.fromZero(
                        "mask ratio, mean of a step",
                        series.stream()
                                .flatMapToDouble(one -> Arrays.stream(one.y()))
                                .max()
                                .orElse(1)),
                series);
    }

    private static double lastMasked(Points points) {
        return IntStream.range(0, points.x().length)
                .filter(i -> points.y()[i] > 0)
                .mapToObj(i -> points.x()[i])
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }
}
