package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * TimeLens looks for clock times, then for "a - b", then for "a to b", then for any two numbers, and takes everything
 * of the first kind it finds. Source: {@code extract_time} of TencentARC/TimeLens timelens/utils.py. lmms-eval's
 * tasks/timelens/utils.py writes the last expression as {@code \b(\d+\.?\d*)\b}, which finds the same numbers.
 */
public final class TimeLensTimes {
    private TimeLensTimes() {}

    /** Every pair, as TimeLens reads them. */
    public static List<Pair> read(String reply) {
        String text = PythonChars.asciiDigits(reply.toLowerCase(Locale.ROOT));
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
            while (start > from && colon - start < 3 && PythonChars.digit(text.charAt(start - 1))) {
                start--;
            }
            if (start == colon
                    || colon - start > 2
                    || PythonChars.wordBefore(text, start)
                    || !twoDigits(text, colon + 1)) {
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
        return at + 2 <= text.length() && PythonChars.digit(text.charAt(at)) && PythonChars.digit(text.charAt(at + 1));
    }

    /** Where a time ends whose whole seconds end here: behind its fraction, else here, else -1 if a word goes on. */
    private static int boundary(String text, int at) {
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = PythonChars.skipDigits(text, at + 1);
            if (fraction > at + 1 && ends(text, fraction)) {
                return fraction;
            }
        }
        return ends(text, at) ? at : -1;
    }

    private static boolean ends(String text, int at) {
        return !PythonChars.wordAt(text, at);
    }

    /** {@code \b(\d+\.\d+|\d+)\b}. */
    private static List<Double> numbers(String text) {
        List<Double> numbers = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (!PythonChars.digit(text.charAt(at))) {
                at++;
                continue;
            }
            int end = PythonChars.skipDigits(text, at);
            if (!PythonChars.wordBefore(text, at)) {
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

    static Optional<Parsed> parse(Task task, String reply) {
        return TaskReply.of(
                task, read(reply), reply, false, task == Task.GQA ? TaskReply.bracketedLetter(reply) : null);
    }

    /** TimeLens rewards no format; this is the strict form of the reply, with or without its full stop. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        return StrictReply.parse(format, task, reply).isPresent()
                || StrictReply.parse(format, task, reply.strip() + ".").isPresent();
    }
}
