package org.videotg.core.metric.profile.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.metric.profile.row.Span;

/**
 * What the expressions of all evaluators share. They are Python's, where {@code \d}, {@code \s} and {@code \b} know all of
 * Unicode; here replies are first rewritten to ASCII digits, and white space and word characters are spelt out. Quantifiers are
 * possessive wherever going back could not help, which keeps a megabyte of digits linear.
 */
final class Scan {
    /** Python's {@code \s}. */
    static final String SPACE = "[ \\t-\\r\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    /** Python's {@code \w}. */
    static final String WORD = "[\\p{L}\\p{N}_]";
    /** A number starts here, and not within digits, where it would have started before. */
    static final String FRESH = "(?<![0-9])";
    /** {@code \d+\.?\d*}. */
    static final String LOOSE = "([0-9]++\\.?+[0-9]*+)";
    /** {@code \d+(?:\.\d+)?}. */
    static final String STRICT = "([0-9]++(?:\\.[0-9]++)?+)";

    private Scan() {}

    /** The reply with every decimal digit of Unicode as its ASCII one. */
    static String asciiDigits(String reply) {
        if (reply.chars().allMatch(c -> c < 128)) {
            return reply;
        }
        StringBuilder plain = new StringBuilder(reply.length());
        reply.codePoints().forEach(c -> plain.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return plain.toString();
    }

    /** Pairs of numbers that an expression with two groups finds, from left to right. */
    static List<Span> pairs(Pattern pattern, String text) {
        List<Span> spans = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            spans.add(new Span(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
        }
        return spans;
    }

    /** What the first group of an expression finds, from left to right. */
    static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** Neighbours as pairs; a last one without a neighbour is dropped. */
    static List<Span> inPairs(List<Double> times) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i + 1 < times.size(); i += 2) {
            spans.add(new Span(times.get(i), times.get(i + 1)));
        }
        return spans;
    }

    /** Seconds of {@code HH:MM:SS} or {@code MM:SS}. */
    static double clock(String time) {
        double seconds = 0;
        for (String part : time.split(":")) {
            seconds = seconds * 60 + Double.parseDouble(part);
        }
        return seconds;
    }
}
