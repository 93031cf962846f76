package org.videotg.core.mllm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;

/**
 * A moment that several sampled replies agree on; defined by this project.
 *
 * @param interval in seconds: the median start and the median end of the agreeing replies' intervals
 * @param confidence share of all replies that name the moment, in (0, 1]
 */
public record RankedMoment(Interval interval, double confidence) {
    /** Two intervals mean the same moment from this IoU on. */
    public static final double SAME = 0.5;

    /**
     * The moments that most replies name. The interval with which most replies agree comes first, with those that agree
     * with it; the same is repeated with the replies that are left.
     *
     * @param replies the intervals of each sampled reply; none for one that names none or could not be read
     * @param most at most so many moments
     */
    public static List<RankedMoment> of(List<List<Interval>> replies, int most) {
        List<List<Interval>> left = new ArrayList<>();
        replies.forEach(reply -> left.add(
                new ArrayList<>(reply.stream().filter(span -> !span.isEmpty()).toList())));
        List<RankedMoment> moments = new ArrayList<>();
        while (moments.size() < most && left.stream().anyMatch(reply -> !reply.isEmpty())) {
            List<Interval> agreeing = left.stream()
                    .flatMap(List::stream)
                    .map(span -> agreeing(span, left))
                    .max(Comparator.comparingInt(List::size))
                    .orElseThrow();
            moments.add(new RankedMoment(
                    new Interval(
                            median(agreeing.stream().map(Interval::start).toList()),
                            median(agreeing.stream().map(Interval::end).toList())),
                    agreeing.size() / (double) replies.size()));
            left.forEach(reply ->
                    reply.removeIf(span -> agreeing.stream().anyMatch(named -> Intervals.iou(span, named) >= SAME)));
        }
        return moments;
    }

    /** Of each reply that agrees with an interval, the one that agrees most. */
    private static List<Interval> agreeing(Interval interval, List<List<Interval>> replies) {
        return replies.stream()
                .flatMap(reply -> reply.stream()
                        .max(Comparator.comparingDouble(span -> Intervals.iou(span, interval)))
                        .filter(span -> Intervals.iou(span, interval) >= SAME)
                        .stream())
                .toList();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
