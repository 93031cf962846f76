package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.videotg.core.reply.NumberPairs.Pair;

/**
 * TimeLens looks for clock times, then for "a - b", then for "a to b", then for any two numbers, and takes everything of the
 * first kind it finds. Source: {@code extract_time} of TencentARC/TimeLens timelens/utils.py. lmms-eval's tasks/timelens/utils.py
 * writes the last expression as {@code \b(\d+\.?\d*)\b}, which finds the same numbers.
 */
public final class TimeLensTimes {
    private TimeLensTimes() {}

    /** Every pair, as TimeLens reads them. */
    public static List<Pair> read(String reply) {
        String text = Scan.asciiDigits(reply.toLowerCase(Locale.ROOT));
        List<Pair> pairs = NumberPairs.inPairs(clockTimes(text));
        if (pairs.isEmpty()) {
            pairs = NumberPairs.dashes(text);
        }
        if (pairs.isEmpty()) {
            pairs = NumberPairs.spacedTo(text);
        }
        return pairs.isEmpty() ? NumberPairs.inPairs(numbers(text)) : pairs;
    }

    /** {@code \b(\d{1,2}:\d{2}:\d{2}(?:\.\d+)?|\d{1,2}:\d{2}(?:\.\d+)?)\b}, in seconds. */
    private static List<Double> clockTimes(String text) {
        List<Double> times = new ArrayList<>();
        for (int colon = text.indexOf(':'), from = 0;
                colon >= 0;
                colon = text.indexOf(':', Math.max(colon + 1, from))) {
            int start = colon;
            while (start > from && colon - start < 3 && Scan.digit(text.charAt(start - 1))) {
                start--;
            }
            if (start == colon || colon - start > 2 || Scan.wordBefore(text, start) || !twoDigits(text, colon + 1)) {
                continue;
            }
            int second = colon + 3;
            boolean hours = second < text.length() && text.charAt(second) == ':' && twoDigits(text, second + 1);
            int end = hours ? boundary(text, second + 3) : -1;
            hours = end >= 0;
            end = hours ? end : boundary(text, second);
            if (end >= 0) {
                double first = Integer.parseInt(text.substring(start, colon));
                times.add(
                        hours
                                ? first * 3600
                                        + Integer.parseInt(text.substring(colon + 1, second)) * 60
                                        + Double.parseDouble(text.substring(second + 1, end))
                                : first * 60 + Double.parseDouble(text.substring(colon + 1, end)));
                from = end;
            }
        }
        return times;
    }

    private static boolean twoDigits(String text, int at) {
        return at + 2 <= text.length() && Scan.digit(text.charAt(at)) && Scan.digit(text.charAt(at + 1));
    }

    /** Where a time ends whose whole seconds end here: behind its fraction, else here, else -1 if a word goes on. */
    private static int boundary(String text, int at) {
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = Scan.skipDigits(text, at + 1);
            if (fraction > at + 1 && ends(text, fraction)) {
                return fraction;
            }
        }
        return ends(text, at) ? at : -1;
    }

    private static boolean ends(String text, int at) {
        return !Scan.wordAt(text, at);
    }

    /** {@code \b(\d+\.\d+|\d+)\b}. */
    private static List<Double> numbers(String text) {
        List<Double> numbers = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (!Scan.digit(text.charAt(at))) {
                at++;
                continue;
            }
            int end = Scan.skipDigits(text, at);
            if (!Scan.wordBefore(text, at)) {
                int number = boundary(text, end);
                if (number >= 0) {
                    numbers.add(Double.parseDouble(text.substring(at, number)));
                    end = number;
                }
            }
            at = end;
        }
        return numbers;
    }
}
