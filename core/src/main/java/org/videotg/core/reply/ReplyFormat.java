package org.videotg.core.reply;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;

/**
 * The form of the right reply: what supervised training teaches, and what {@link ReplyParser#STRICT} accepts.
 * Placeholders: {@code {think}} (any text), {@code {interval}} (one), {@code {intervals}} (one or more) and {@code
 * {letter}}; in {@code interval} itself {@code {start}} and {@code {end}}. A line break stands for any white space,
 * also none.
 *
 * @param interval one interval; it names start before end
 * @param separator between several intervals
 * @param decimals of written times, 0 to 6; replies may have other ones
 * @param ground the reply that names one interval
 * @param list the reply that names every interval
 * @param none the reply to a list question when it never happens
 * @param choice the reply with an option's letter and the interval that shows it
 */
public record ReplyFormat(
        String interval, String separator, Integer decimals, String ground, String list, String none, String choice) {
    /** Of replies such as {@code 3.0 to 7.0}; what a template leaves out is taken from here. */
    public static final ReplyFormat DEFAULT = new ReplyFormat(null, null, null, null, null, null, null);

    static final String THINK = "{think}";
    static final String ONE = "{interval}";
    static final String SEVERAL = "{intervals}";
    static final String LETTER = "{letter}";
    static final String START = "{start}";
    static final String END = "{end}";
    /** What stands for thoughts in a reply that is trained on, as Time-R1 writes it when it asks for none. */
    private static final String NO_THOUGHTS = "\n";

    public ReplyFormat {
        interval = interval == null ? "{start} to {end}" : interval;
        separator = separator == null ? ", " : separator;
        decimals = decimals == null ? 1 : decimals;
        ground = ground == null ? ONE : ground;
        list = list == null ? SEVERAL : list;
        none = none == null ? "none" : none;
        choice = choice == null ? "({letter}) {interval}" : choice;
        if (decimals < 0 || decimals > 6) {
            throw new InputException("\"decimals\" of replies must be 0 to 6, not " + decimals);
        }
        if (separator.isEmpty()) {
            throw new InputException(
                    "\"separator\" of replies is empty; give what stands between intervals, such as \", \"");
        }
        Placeholders.check("\"interval\" of replies", interval, START, END);
        List<String> times = Placeholders.pieces(interval).stream()
                .filter(Placeholders::isPlaceholder)
                .toList();
        if (!times.equals(List.of(START, END)) || interval.contains(START + END)) {
            throw new InputException("\"interval\" of replies must have {start} and then, behind other text, {end}");
        }
        check("ground", ground, 1, 0, THINK, ONE, SEVERAL);
        check("list", list, 1, 0, THINK, ONE, SEVERAL);
        check("none", none, 0, 0, THINK);
        check("choice", choice, 1, 1, THINK, ONE, SEVERAL, LETTER);
    }

    private static void check(String name, String text, int intervals, int letters, String... known) {
        String what = "\"" + name + "\" of replies";
        Placeholders.check(what, text, known);
        if (Placeholders.count(text, ONE) + Placeholders.count(text, SEVERAL) != intervals) {
            throw new InputException(what + " must have exactly one {interval} or {intervals}");
        }
        if (Placeholders.count(text, LETTER) != letters) {
            throw new InputException(what + " must have {letter} exactly once");
        }
        List<String> pieces = Placeholders.pieces(text);
        int think = pieces.indexOf(THINK);
        if (think >= 0
                && (think != pieces.lastIndexOf(THINK)
                        || think + 1 == pieces.size()
                        || pieces.get(think + 1).isBlank()
                        || Placeholders.isPlaceholder(pieces.get(think + 1)))) {
            throw new InputException(what + " may have {think} once, with a text such as </think> behind it");
        }
        if (text.isBlank()) {
            throw new InputException(what + " is empty");
        }
    }

    public String written(Interval one) {
        return fill(ground, List.of(one), null);
    }

    public String written(List<Interval> all) {
        return all.isEmpty() ? fill(none, all, null) : fill(list, all, null);
    }

    /** All intervals where the form has room for several, else the longest. */
    public String written(String letter, List<Interval> all) {
        return fill(
                choice,
                choice.contains(SEVERAL)
                        ? all
                        : all.stream()
                                .max(Comparator.comparingDouble(Interval::length))
                                .map(List::of)
                                .orElseThrow(),
                letter);
    }

    private String fill(String text, List<Interval> intervals, String letter) {
        String joined = intervals.stream()
                .map(each -> Placeholders.fill(
                        interval, Map.of(START, time(each.start(), decimals), END, time(each.end(), decimals))))
                .collect(Collectors.joining(separator));
        return Placeholders.fill(
                text, Map.of(THINK, NO_THOUGHTS, ONE, joined, SEVERAL, joined, LETTER, letter == null ? "" : letter));
    }

    /** Seconds with so many decimals, half to even on the exact binary value, as Python's {@code {t:.1f}}. */
    public static String time(double seconds, int decimals) {
        return new BigDecimal(seconds)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}
