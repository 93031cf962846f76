package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/** Turns the pairs of numbers that a parser found into what the task asks for. */
final class TaskReply {
    private TaskReply() {}

    /**
     * Returns what a task asks for: one interval for {@link Task#VTG}, all for the others.
     *
     * @param text in which the pairs were looked for; "none" there answers a list question
     * @param last whether the last of several pairs is the one, else the first
     * @param letter found by the parser, or null
     */
    static Optional<Parsed> of(Task task, List<Pair> pairs, String text, boolean last, String letter) {
        return switch (task) {
            case VTG ->
                pairs.isEmpty() ? Optional.empty() : answer(List.of(pairs.get(last ? pairs.size() - 1 : 0)), null);
            case GQA -> answer(pairs, letter);
            case LIST -> all(pairs, text);
        };
    }

    /** Returns a letter with all intervals; either may be missing, but not both. */
    static Optional<Parsed> answer(List<Pair> pairs, String letter) {
        return pairs.isEmpty() && letter == null
                ? Optional.empty()
                : intervals(pairs)
                        .or(() -> Optional.ofNullable(letter).map(known -> List.of()))
                        .map(found -> new Parsed(found, letter));
    }

    /** Returns all intervals; none of them only if the text says so. */
    static Optional<Parsed> all(List<Pair> pairs, String text) {
        return pairs.isEmpty() && !saysNone(text)
                ? Optional.empty()
                : intervals(pairs).map(found -> new Parsed(found, null));
    }

    /** No value if a number is not finite. */
    private static Optional<List<Interval>> intervals(List<Pair> pairs) {
        List<Interval> intervals = new ArrayList<>();
        for (Pair pair : pairs) {
            Optional<Interval> interval = PythonChars.interval(pair.start(), pair.end());
            if (interval.isEmpty()) {
                return Optional.empty();
            }
            intervals.add(interval.get());
        }
        return Optional.of(intervals);
    }

    private static boolean saysNone(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        return plain.equals("none") || plain.equals("none.") || plain.equals("[]");
    }

    /** The letter in the last {@code (X)}, as Time-R1 reads multiple-choice answers; else null. */
    static String bracketedLetter(String text) {
        for (int i = text.length() - 3; i >= 0; i--) {
            char c = text.charAt(i + 1);
            if (text.charAt(i) == '(' && text.charAt(i + 2) == ')' && c >= 'A' && c <= 'Z') {
                return String.valueOf(c);
            }
        }
        return null;
    }
}
