package org.videotg.core.metric.profile.reply;

import java.util.List;
import java.util.regex.Pattern;
import org.videotg.core.metric.profile.row.Span;

/**
 * The expression of Time-R1, TimeZero and VideoChat-R1: the last "number to number" or "number and number" anywhere in the reply,
 * its thinking included, with single spaces between the words. Source: {@code extract_answer} of xiaomi-research/time-r1
 * evaluate.py, {@code parse_timestamp_output} of the other two.
 */
public final class TimeR1Reply {
    private static final Pattern PAIR = Pattern.compile(Scan.FRESH + Scan.LOOSE + " (?:to|and) " + Scan.LOOSE);

    private TimeR1Reply() {}

    /** The last pair as a list of one; empty if there is none. */
    public static List<Span> read(String reply) {
        List<Span> pairs = Scan.pairs(PAIR, Scan.asciiDigits(reply));
        return pairs.isEmpty() ? List.of() : List.of(pairs.get(pairs.size() - 1));
    }
}
