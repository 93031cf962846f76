package org.videotg.app.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The results of a measuring.
 *
 * @param device on which models compute
 * @param dtype in which they compute there
 * @param seconds that the measuring took
 */
public record Measurements(
        String device,
        String dtype,
        double seconds,
        List<Agreement> agreements,
        List<MatrixPeak> peaks,
        List<Speed> speeds,
        List<StepMemory> memory,
        List<LeftOut> leftOut,
        List<String> advice) {
    private static final double GIGA = 1e9;
    private static final double GIB = 1 << 30;

    public Measurements {
        agreements = List.copyOf(agreements);
        peaks = List.copyOf(peaks);
        speeds = List.copyOf(speeds);
        memory = List.copyOf(memory);
        leftOut = List.copyOf(leftOut);
        advice = List.copyOf(advice);
    }

    /** Returns whether all computations agree. */
    @JsonProperty
    public boolean agree() {
        return agreements.stream().allMatch(Agreement::agrees);
    }

    /** Returns tables for a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(format("measured in %.0f s; models compute on %s in %s", seconds, device, dtype));
        table(
                lines,
                format("%-44s %20s %20s", "agreement (limit)", "log-probabilities", "gradients"),
                agreements,
                a -> format(
                        "%-44s %20s %20s  %s",
                        a.what(),
                        limited(a.logProbs(), a.tolerance().logProbs()),
                        limited(a.gradients(), a.tolerance().gradients()),
                        a.agrees() ? "ok" : "BAD"));
        table(
                lines,
                format("%-44s %20s %20s", "matrix products", "side", "GFLOP/s"),
                peaks,
                p -> format("%-44s %20d %20.1f", p.where() + " " + p.dtype(), p.side(), p.operations() / GIGA));
        table(
                lines,
                format(
                        "%-22s %-10s %9s %9s %10s %9s %9s",
                        "speed", "", "tokens", "seconds", "tokens/s", "GFLOP/s", "of peak"),
                speeds,
                s -> format(
                        "%-22s %-10s %9.0f %9.3f %10.1f %9.1f %8.1f%%",
                        s.model(),
                        s.phase(),
                        s.tokens(),
                        s.seconds(),
                        s.tokensPerSecond(),
                        s.operations() / s.seconds() / GIGA,
                        100 * s.share()));
        table(
                lines,
                format("%-22s %-20s %14s %14s %9s", "memory of a step", "trained", "measured", "dry run", "ratio"),
                memory,
                m -> format(
                        "%-22s %-20s %10.2f GiB %10.2f GiB %9.2f",
                        m.model(), m.trained(), m.measured() / GIB, m.estimated() / GIB, m.ratio()));
        table(lines, "left out", leftOut, left -> left.what() + ": " + left.explanation());
        table(lines, "advice", advice, line -> line);
        return lines;
    }

    private static <T> void table(List<String> lines, String head, List<T> rows, Function<T, String> line) {
        if (!rows.isEmpty()) {
            lines.add("");
            lines.add(head.stripTrailing());
            rows.forEach(row -> lines.add(line.apply(row)));
        }
    }

    private static String limited(double value, double limit) {
        return format("%.1e (%.1e)", value, limit);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
