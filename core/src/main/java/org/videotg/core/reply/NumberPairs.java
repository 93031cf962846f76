package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of numbers with something between them, in the order and with the boundaries in which Python's
 * {@code re.findall} finds them: leftmost first, without overlap. Found by looking left and right of what stands
 * between, in linear time; the regular expressions of the projects take quadratic time on long runs of digits.
 */
public final class NumberPairs {
    private NumberPairs() {}

    /** Two times in seconds as they were written; infinite if there are too many digits. */
    public record Pair(double start, double end) {}

    /** Neighbours as pairs; a last one without a neighbour is dropped. */
    static List<Pair> inPairs(List<Double> times) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < times.size(); i += 2) {
            pairs.add(new Pair(times.get(i), times.get(i + 1)));
        }
        return pairs;
    }

    /**
     * The last {@code (\d+\.?\d*) (to|and) (\d+\.?\d*)} anywhere in the reply, its thinking included, as a list of one:
     * the evaluations of Time-R1, TimeZero and VideoChat-R1 ({@code extract_answer} of xiaomi-research/time-r1
     * evaluate.py, {@code parse_timestamp_output} of the other two).
     */
    public static List<Pair> lastWords(String reply) {
        List<Pair> pairs = words(PythonChars.asciiDigits(reply), false);
        return pairs.isEmpty() ? List.of() : List.of(pairs.get(pairs.size() - 1));
    }

    /** {@code (\d+\.?\d*) (to|and) (\d+\.?\d*)}. */
    public static List<Pair> words(String text, boolean anyCase) {
        List<Pair> pairs = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', Math.max(at + 1, from))) {
            int length = text.regionMatches(anyCase, at, " to ", 0, 4)
                    ? 4
                    : text.regionMatches(anyCase, at, " and ", 0, 5) ? 5 : 0;
            if (length > 0) {
                from = add(pairs, text, at, at + length, from);
            }
        }
        return pairs;
    }

    /** {@code (\d+\.?\d*)\s*-\s*(\d+\.?\d*)}. */
    public static List<Pair> dashes(String text) {
        return joined(text, "-", false);
    }

    /** {@code (\d+\.?\d*)\s+to\s+(\d+\.?\d*)}, in any case. */
    public static List<Pair> spacedTo(String text) {
        return joined(text, "to", true);
    }

    private static List<Pair> joined(String text, String joint, boolean spaced) {
        List<Pair> pairs = new ArrayList<>();
        int from = 0;
        for (int at = 0; at + joint.length() <= text.length(); at++) {
            if (at < from || !PythonChars.at(text, at, joint)) {
                continue;
            }
            int left = PythonChars.spacesBefore(text, at, from);
            int right = PythonChars.skipSpaces(text, at + joint.length());
            if (!spaced || (left < at && right > at + joint.length())) {
                from = add(pairs, text, left, right, from);
            }
        }
        return pairs;
    }

    /** Adds the pair whose first number ends at {@code left} and whose second begins at {@code right}, if any. */
    private static int add(List<Pair> pairs, String text, int left, int right, int from) {
        int start = left < from ? -1 : PythonChars.numberBefore(text, left, from);
        int end = start < 0 ? -1 : PythonChars.numberAfter(text, right);
        if (end < 0) {
            return from;
        }
        pairs.add(new Pair(
                Double.parseDouble(text.substring(start, left)), Double.parseDouble(text.substring(right, end))));
        return end;
    }
}
