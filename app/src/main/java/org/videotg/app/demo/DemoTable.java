package org.videotg.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.report.run.Arm;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/** The arms of a demo with their cost and scores: rows of {@code arms.json}, and the table as text. */
final class DemoTable {
    private static final String ROW = "%-28s %7s  %s%5s  %6s  %6s  %6s  %16s  %20s";
    private static final String ANSWERS = "%6s  %7s  ";

    private DemoTable() {}

    /**
     * An arm in {@code arms.json}.
     *
     * @param folder relative to the demo's
     * @param samples it was trained on
     * @param compute its cost; CPU seconds include the decoding of its videos and their vision features, shared
     *     equally among all videos
     */
    record Row(String name, String title, Arm.Role role, String folder, int samples, Arm.Compute compute) {
        static Row of(DemoRecipe.Arm arm, DemoRecipe recipe, DemoFolder folder, int parts) {
            int samples = arm.recipe() == null
                    ? 0
                    : Samples.read(folder.data(arm.data())).size();
            return new Row(
                    arm.name(),
                    arm.title(),
                    arm.role(),
                    folder.path().relativize(folder.arm(arm.name()).path()).toString(),
                    samples,
                    samples == 0
                            ? Arm.Compute.NONE
                            : compute(arm, samples, secondsPerVideo(recipe, folder, parts), folder));
        }

        private static Arm.Compute compute(DemoRecipe.Arm arm, int samples, double perVideo, DemoFolder folder) {
            JsonNode training = Json.read(folder.arm(arm.name()).compute());
            Cost cost = new Cost(
                    training.path("tokenForwards").asLong(),
                    training.path("cpuSeconds").asDouble() + samples * perVideo,
                    0,
                    0);
            if (arm.data() != DemoRecipe.Data.SELECTED) {
                return new Arm.Compute(cost, Cost.NONE, 0);
            }
            var reflections =
                    AgentRun.read(folder.reflections(), ReflectionVerdict.class).values();
            var difficulties =
                    AgentRun.read(folder.difficulty(), DifficultyVerdict.class).values();
            Cost agents = sum(reflections).plus(sum(difficulties));
            // The process's CPU time includes its start; after a restart, only the verdicts' sum covers both processes.
            double agentCpu = Math.max(
                            agents.cpuSeconds(),
                            Json.read(folder.agentCost(), Cost.class).cpuSeconds())
                    + Math.max(0, reflections.size() - samples) * perVideo;
            return new Arm.Compute(cost, new Cost(agents.tokenForwards(), agentCpu, 0, 0), reflections.size());
        }
    }

    private static double secondsPerVideo(DemoRecipe recipe, DemoFolder folder, int parts) {
        double seconds = 0;
        for (int part = 1; part <= parts; part++) {
            seconds += Json.read(folder.featureCost(part), Cost.class).cpuSeconds();
        }
        return seconds / (recipe.world().train() + recipe.world().test());
    }

    private static Cost sum(Collection<? extends Verdict> verdicts) {
        return verdicts.stream().map(Verdict::cost).reduce(Cost.NONE, Cost::plus);
    }

    /**
     * Returns a head and one line per arm; the agents' share of the cost is in brackets.
     *
     * @param metrics of each row
     */
    static List<String> text(List<Row> rows, List<EvaluationMetrics> metrics) {
        List<String> text = new ArrayList<>();
        boolean answers = metrics.stream().anyMatch(one -> one.gqa() != null);
        text.add(String.format(
                Locale.ROOT,
                ROW,
                "arm",
                "samples",
                answers ? String.format(ANSWERS, "Acc@QA", "Acc@GQA") : "",
                "mIoU",
                "R1@0.3",
                "R1@0.5",
                "R1@0.7",
                "CPU s (agents)",
                "token-fwd (agents)"));
        for (int i = 0; i < rows.size(); i++) {
            text.add(line(rows.get(i), metrics.get(i)));
        }
        return text;
    }

    private static String line(Row row, EvaluationMetrics metrics) {
        Arm.Compute cost = row.compute();
        boolean agents = cost.agentPool() > 0;
        String seconds = row.samples() == 0
                ? "-"
                : number("%.0f", cost.total().cpuSeconds())
                        + (agents ? number(" (%.0f)", cost.agents().cpuSeconds()) : "");
        String tokens = row.samples() == 0
                ? "-"
                : number("%.1fM", cost.total().tokenForwards() / 1e6)
                        + (agents ? number(" (%.1fM)", cost.agents().tokenForwards() / 1e6) : "");
        return String.format(
                Locale.ROOT,
                ROW,
                row.title(),
                row.samples() == 0 ? "-" : row.samples(),
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
