package org.videotg.app.report.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.ReflectionRule;
import org.videotg.method.reflection.ReflectionSettings;

/**
 * P(yes) of every visible grid, as a probe left it in {@code replies}. The grids' spans are not recorded: they are laid out
 * anew from the grids' times, which are evenly spaced wherever frames are.
 *
 * @param visible indices of the probed grids, ascending
 * @param yes their probabilities
 */
public record ProbeReplies(TemporalGrids grids, int[] visible, double[] yes) {
    /** Empty if the replies hold no probabilities, or of fewer than two grids. */
    public static Optional<ProbeReplies> of(Sample sample, JsonNode replies) {
        List<JsonNode> rows = StreamSupport.stream(replies.spliterator(), false).toList();
        boolean probed = rows.size() > 1
                && rows.stream()
                        .allMatch(row -> row.path("grid").isInt()
                                && row.path("grid").asInt() >= 0
                                && row.path("time").isNumber()
                                && row.path("yes").isNumber());
        if (!probed) {
            return Optional.empty();
        }
        int[] visible = rows.stream().mapToInt(row -> row.path("grid").asInt()).toArray();
        double[] times =
                rows.stream().mapToDouble(row -> row.path("time").asDouble()).toArray();
        // The last grid may repeat its only frame, and then lies a quarter of a step early: it counts only if it must.
        int to = Math.max(1, visible.length - 2);
        double step = (times[to] - times[0]) / (visible[to] - visible[0]);
        if (!(step > 0) || Double.isInfinite(step)) {
            return Optional.empty();
        }
        double start = times[0] - visible[0] * step - step / 4;
        return Optional.of(new ProbeReplies(
                layout(sample.duration(), visible[visible.length - 1], start, step),
                visible,
                rows.stream().mapToDouble(row -> row.path("yes").asDouble()).toArray()));
    }

    /**
     * Grids up to the last visible one; its frames lie a quarter of a step to either side of a grid's time.
     *
     * @param start time of the first frame of the first grid
     */
    private static TemporalGrids layout(double duration, int lastVisible, double start, double step) {
        List<TemporalGrid> grids = new ArrayList<>();
        double from = 0;
        for (int i = 0; i <= lastVisible; i++) {
            double to = start + (i + 1) * step;
            boolean ending = i == lastVisible && to >= duration - step / 4;
            to = Math.max(from, ending ? duration : to);
            grids.add(new TemporalGrid(i, start + (i + 0.25) * step, new Interval(from, to)));
            from = to;
        }
        return new TemporalGrids(Math.max(duration, from), grids);
    }

    /** Whether the rule of reflection calls the sample partial when grids count from this probability. */
    public boolean partialAt(double threshold, Sample sample, ReflectionSettings settings) {
        List<Interval> spans =
                ReflectionRule.probed(grids, visible, yes, settings.withProbe(threshold, settings.probeGrids()));
        return ReflectionRule.partial(
                ReflectionRule.reflected(spans, sample.intervals(), settings), sample.intervals(), settings);
    }

    /** The highest of the thresholds at which the sample is called partial; -1 if none. */
    double score(double[] falling, Sample sample, ReflectionSettings settings) {
        for (double threshold : falling) {
            if (partialAt(threshold, sample, settings)) {
                return threshold;
            }
        }
        return -1;
    }
}
