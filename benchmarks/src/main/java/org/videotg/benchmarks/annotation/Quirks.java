package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * The quirks of a file's rows, and their repair.
 *
 * @param rows ids of the rows that have the quirk, in the order of the file; a row counts once for each of its quirks
 */
public record Quirks(Map<Quirk, List<String>> rows) {
    /**
     * An end is beyond the duration by more than this many seconds. Ends and durations that are the same number in the
     * source differ by the rounding of sums in some published files (55.150000000000006 of 55.15); those aren't beyond.
     */
    static final double TOLERANCE = 1e-6;

    /**
     * Rows after a repair.
     *
     * @param annotations in their order, without the dropped ones
     * @param changed rows that were changed or dropped, by quirk
     */
    public record Repaired(List<Annotation> annotations, Quirks changed) {
        public Repaired {
            annotations = List.copyOf(annotations);
        }
    }

    public Quirks {
        Map<Quirk, List<String>> copy = new EnumMap<>(Quirk.class);
        rows.forEach((quirk, ids) -> copy.put(quirk, List.copyOf(ids)));
        rows = Collections.unmodifiableMap(copy);
    }

    public static Quirks of(List<Annotation> annotations) {
        Map<Quirk, List<String>> rows = new EnumMap<>(Quirk.class);
        Set<Object> seen = new HashSet<>();
        for (Annotation annotation : annotations) {
            for (Quirk quirk : of(annotation, seen)) {
                rows.computeIfAbsent(quirk, key -> new ArrayList<>()).add(annotation.id());
            }
        }
        return new Quirks(rows);
    }

    public int count(Quirk quirk) {
        return rows.getOrDefault(quirk, List.of()).size();
    }

    private static Set<Quirk> of(Annotation row, Set<Object> seen) {
        Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        for (Interval interval : row.intervals()) {
            for (Quirk quirk : EnumSet.range(Quirk.REVERSED, Quirk.ZERO_LENGTH)) {
                if (has(quirk, interval, row)) {
                    quirks.add(quirk);
                }
            }
        }
        if (!seen.add(identity(row))) {
            quirks.add(Quirk.DUPLICATE);
        }
        if (row.task() == Task.GQA && row.answer() == null) {
            quirks.add(Quirk.BLANK_ANSWER);
        } else if (isAmbiguous(row)) {
            quirks.add(Quirk.AMBIGUOUS_ANSWER);
        }
        if (!row.isAnnotated()) {
            quirks.add(Quirk.NOT_ANNOTATED);
        }
        return quirks;
    }

    private static boolean has(Quirk quirk, Interval interval, Annotation row) {
        return switch (quirk) {
            case REVERSED -> interval.end() < interval.start();
            case ZERO_LENGTH -> interval.end() == interval.start();
            case NEGATIVE -> Math.min(interval.start(), interval.end()) < 0;
            case BEYOND ->
                row.duration().isPresent()
                        && Math.max(interval.start(), interval.end())
                                > row.duration().getAsDouble() + TOLERANCE;
            default -> false;
        };
    }

    /** What makes a row the same as an earlier one: all it asks and answers, but its id and the fields beside. */
    static Object identity(Annotation row) {
        return List.of(row.video(), row.clip(), row.query(), row.intervals(), row.options());
    }

    static boolean isAmbiguous(Annotation row) {
        if (row.answer() == null || row.answer().length() != 1) {
            return false;
        }
        int index = row.answer().charAt(0) - 'A';
        return index >= 0
                && index < row.options().size()
                && Collections.frequency(row.options(), row.options().get(index)) > 1;
    }

    /**
     * Repairs each row in the order of {@link Quirk}: swap, raise, lower, drop empty intervals, then drop rows. Rows
     * without any of these quirks are returned as they are.
     */
    public static Repaired repair(List<Annotation> annotations, Set<Quirk> fixes) {
        Map<Quirk, List<String>> changed = new EnumMap<>(Quirk.class);
        Set<Object> seen = new HashSet<>();
        List<Annotation> kept = new ArrayList<>();
        for (Annotation row : annotations) {
            Annotation repaired = row;
            for (Quirk quirk : Quirk.values()) {
                if (repaired == null || !fixes.contains(quirk)) {
                    continue;
                }
                Annotation next = repair(quirk, repaired, seen);
                if (!repaired.equals(next)) {
                    changed.computeIfAbsent(quirk, key -> new ArrayList<>()).add(row.id());
                }
                repaired = next;
            }
            if (repaired != null) {
                kept.add(repaired);
            }
        }
        return new Repaired(kept, new Quirks(changed));
    }

    /** The same instance if the row does not have the quirk; null if it is dropped. */
    private static Annotation repair(Quirk quirk, Annotation row, Set<Object> seen) {
        return switch (quirk) {
            case REVERSED, NEGATIVE, BEYOND, ZERO_LENGTH -> intervals(quirk, row);
            case DUPLICATE -> seen.add(identity(row)) ? row : null;
            case BLANK_ANSWER -> row.task() == Task.GQA && row.answer() == null ? null : row;
            case AMBIGUOUS_ANSWER -> isAmbiguous(row) ? null : row;
            case NOT_ANNOTATED -> row.isAnnotated() ? row : null;
        };
    }

    private static Annotation intervals(Quirk quirk, Annotation row) {
        List<Interval> repaired = new ArrayList<>();
        for (Interval interval : row.intervals()) {
            Interval next = repair(quirk, interval, row);
            if (next != null) {
                repaired.add(next);
            }
        }
        if (repaired.equals(row.intervals())) {
            return row;
        }
        return repaired.isEmpty() ? null : row.withIntervals(repaired);
    }

    private static Interval repair(Quirk quirk, Interval interval, Annotation row) {
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
        return Math.max(interval.start(), interval.end()) > duration + TOLERANCE
                ? new Interval(Math.min(interval.start(), duration), Math.min(interval.end(), duration))
                : interval;
    }
}
