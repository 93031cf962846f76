package org.videotg.method.reflection;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.DoubleStream;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;

/**
 * The rule of boundary reflection as pure functions, in the order in which they are applied; defined by this project. A
 * is the annotation (one or several intervals, |A| the length of their union), R the reflected spans; all times in
 * seconds.
 */
public final class ReflectionRules {
    private ReflectionRules() {}

    /** The tolerance delta around A: max(deltaSeconds, deltaRatio * |A|). */
    public static double delta(List<Interval> annotated, ReflectionSettings settings) {
        return Math.max(settings.deltaSeconds(), settings.deltaRatio() * Intervals.length(annotated));
    }

    /** A with every interval wider by delta on both sides, merged. The bounds of reversed intervals are swapped. */
    public static List<Interval> dilated(List<Interval> annotated, ReflectionSettings settings) {
        double delta = delta(annotated, settings);
        return Intervals.merge(annotated.stream()
                .map(a -> new Interval(Math.min(a.start(), a.end()), Math.max(a.start(), a.end())).dilate(delta))
                .toList());
    }

    /** The mask of the reflected view: every grid that touches the dilated A. */
    public static GridMask mask(TemporalGrids grids, List<Interval> annotated, ReflectionSettings settings) {
        BitSet masked = new BitSet(grids.size());
        dilated(annotated, settings).forEach(interval -> masked.or(grids.touching(interval)));
        return GridMask.of(masked, settings.maskMode());
    }

    /**
     * The moments that more than {@code threshold} of the replies name, clamped to the video. Empty and reversed spans
     * name nothing.
     *
     * @param replies each parsed reply's spans, at least one reply
     */
    public static List<Interval> vote(List<List<Interval>> replies, double threshold, double duration) {
        List<List<Interval>> merged = replies.stream()
                .map(spans -> Intervals.merge(
                        spans.stream().map(span -> span.clamp(duration)).toList()))
                .toList();
        double[] bounds = merged.stream()
                .flatMap(List::stream)
                .flatMapToDouble(span -> DoubleStream.of(span.start(), span.end()))
                .sorted()
                .distinct()
                .toArray();
        List<Interval> voted = new ArrayList<>();
        for (int i = 0; i + 1 < bounds.length; i++) {
            Interval piece = new Interval(bounds[i], bounds[i + 1]);
            long votes = merged.stream()
                    .filter(spans -> spans.stream().anyMatch(span -> span.overlaps(piece)))
                    .count();
            if (votes > threshold * replies.size()) {
                voted.add(piece);
            }
        }
        return Intervals.merge(voted);
    }

    /**
     * The spans of a probe: runs of consecutive grid indices whose P(yes) is above the threshold. A masked grid ends a
     * run.
     *
     * @param visible indices of the probed grids, ascending
     * @param yes P(yes) of each of them
     */
    public static List<Interval> probed(TemporalGrids grids, int[] visible, double[] yes, ReflectionSettings settings) {
        if (visible.length != yes.length) {
            throw new IllegalArgumentException(
                    visible.length + " grids were probed, but there are " + yes.length + " answers");
        }
        List<Interval> spans = new ArrayList<>();
        int first = 0;
        while (first < visible.length) {
            int last = first;
            while (last < visible.length
                    && visible[last] - visible[first] == last - first
                    && yes[last] > settings.probeThreshold()) {
                last++;
            }
            if (last - first >= settings.probeGrids()) {
                spans.add(new Interval(
                        grids.grids().get(visible[first]).span().start(),
                        grids.grids().get(visible[last - 1]).span().end()));
            }
            first = Math.max(last, first + 1);
        }
        return List.copyOf(spans);
    }

    /** R: the spans found, minus the dilated A, pieces shorter than minSpan dropped. */
    public static List<Interval> reflected(
            List<Interval> found, List<Interval> annotated, ReflectionSettings settings) {
        return Intervals.subtract(found, dilated(annotated, settings)).stream()
                .filter(piece -> piece.length() >= settings.minSpan())
                .toList();
    }

    /** Partially annotated iff R is not empty and |R| >= minSeconds or |R| >= ratio * |A|. */
    public static boolean partial(List<Interval> reflected, List<Interval> annotated, ReflectionSettings settings) {
        double seconds = Intervals.length(reflected);
        return seconds > 0
                && (seconds >= settings.minSeconds() || seconds >= settings.ratio() * Intervals.length(annotated));
    }
}
