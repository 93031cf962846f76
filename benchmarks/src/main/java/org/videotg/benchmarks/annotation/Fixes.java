package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * Rows after the fixes that were asked for.
 *
 * @param annotations in their order, without the dropped ones
 * @param changed rows that each fix changed or dropped
 */
public record Fixes(List<Annotation> annotations, Quirks changed) {
    public Fixes {
        annotations = List.copyOf(annotations);
    }

    /**
     * Mends each row in the order of {@link Quirk}: swap, raise, lower, drop empty intervals, then drop rows. Rows without any of
     * these quirks come back as they are.
     */
    public static Fixes apply(List<Annotation> annotations, Set<Quirk> fixes) {
        Map<Quirk, List<String>> changed = new EnumMap<>(Quirk.class);
        Set<Object> seen = new HashSet<>();
        List<Annotation> kept = new ArrayList<>();
        for (Annotation row : annotations) {
            Annotation mended = row;
            for (Quirk quirk : Quirk.values()) {
                if (mended == null || !fixes.contains(quirk)) {
                    continue;
                }
                Annotation next = apply(quirk, mended, seen);
                if (!mended.equals(next)) {
                    changed.computeIfAbsent(quirk, key -> new ArrayList<>()).add(row.id());
                }
                mended = next;
            }
            if (mended != null) {
                kept.add(mended);
            }
        }
        return new Fixes(kept, new Quirks(changed));
    }

    /** The same instance if the row does not have the quirk; null if it is dropped. */
    private static Annotation apply(Quirk quirk, Annotation row, Set<Object> seen) {
        return switch (quirk) {
            case REVERSED, NEGATIVE, BEYOND, ZERO_LENGTH -> intervals(quirk, row);
            case DUPLICATE -> seen.add(Quirks.identity(row)) ? row : null;
            case BLANK_ANSWER -> row.task() == Task.GQA && row.answer() == null ? null : row;
            case AMBIGUOUS_ANSWER -> Quirks.isAmbiguous(row) ? null : row;
            case NOT_ANNOTATED -> row.isAnnotated() ? row : null;
        };
    }

    private static Annotation intervals(Quirk quirk, Annotation row) {
        List<Interval> mended = new ArrayList<>();
        for (Interval interval : row.intervals()) {
            Interval next = apply(quirk, interval, row);
            if (next != null) {
                mended.add(next);
            }
        }
        if (mended.equals(row.intervals())) {
            return row;
        }
        return mended.isEmpty() ? null : row.withIntervals(mended);
    }

    private static Interval apply(Quirk quirk, Interval interval, Annotation row) {
        return switch (quirk) {
            case REVERSED ->
                interval.end() < interval.start() ? new Interval(interval.end(), interval.start()) : interval;
            case NEGATIVE ->
                interval.start() < 0 || interval.end() < 0
                        ? new Interval(Math.max(0, interval.start()), Math.max(0, interval.end()))
                        : interval;
            case BEYOND ->
                row.duration().isEmpty()
                        ? interval
                        : lower(interval, row.duration().getAsDouble());
            case ZERO_LENGTH -> interval.end() == interval.start() ? null : interval;
            default -> interval;
        };
    }

    private static Interval lower(Interval interval, double duration) {
        return Math.max(interval.start(), interval.end()) > duration + Quirks.TOLERANCE
                ? new Interval(Math.min(interval.start(), duration), Math.min(interval.end(), duration))
                : interval;
    }
}
