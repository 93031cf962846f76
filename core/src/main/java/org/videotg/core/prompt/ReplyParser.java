package org.videotg.core.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.interval.Interval;
import org.videotg.core.sample.Task;

/**
 * The strict parser of replies to {@link PromptTemplate#OWN}: the whole reply must have the asked form, otherwise it is
 * unparsable. Replies are hostile input: the patterns are linear, and numbers have at most six digits before the point.
 */
public final class ReplyParser {
    private static final String NUMBER = "([0-9]{1,6}(?:\\.[0-9]{1,6})?)";
    private static final Pattern PAIR = Pattern.compile(NUMBER + " to " + NUMBER);
    private static final Pattern CHOICE = Pattern.compile("\\(([A-Z])\\) " + NUMBER + " to " + NUMBER);
    private static final int LONGEST = 4096;

    private ReplyParser() {}

    /** A multiple-choice reply. */
    public record Choice(String letter, Interval interval) {}

    /**
     * What a reply says, whatever the task was.
     *
     * @param intervals in seconds, as they were written; empty for "none"
     * @param letter of the chosen option for {@link Task#GQA}, else null
     */
    public record Parsed(List<Interval> intervals, String letter) {
        public Parsed {
            intervals = List.copyOf(intervals);
        }
    }

    /** The reply to this task's question; no value if it does not have the asked form. */
    public static Optional<Parsed> parse(Task task, String reply) {
        return switch (task) {
            case VTG -> interval(reply).map(interval -> new Parsed(List.of(interval), null));
            case LIST -> list(reply).map(intervals -> new Parsed(intervals, null));
            case GQA -> choice(reply).map(choice -> new Parsed(List.of(choice.interval()), choice.letter()));
        };
    }

    /** One interval; a reversed one is returned as it was written. */
    public static Optional<Interval> interval(String reply) {
        return parsePair(trim(reply));
    }

    /** Every interval of a list, empty for "none"; no value if any part is unparsable. */
    public static Optional<List<Interval>> list(String reply) {
        String text = trim(reply);
        if (text.equals("none")) {
            return Optional.of(List.of());
        }
        List<Interval> intervals = new ArrayList<>();
        for (String part : text.split(", ", -1)) {
            Optional<Interval> interval = parsePair(part);
            if (interval.isEmpty()) {
                return Optional.empty();
            }
            intervals.add(interval.get());
        }
        return Optional.of(List.copyOf(intervals));
    }

    public static Optional<Choice> choice(String reply) {
        Matcher matcher = CHOICE.matcher(trim(reply));
        return matcher.matches() ? Optional.of(new Choice(matcher.group(1), interval(matcher, 2))) : Optional.empty();
    }

    private static Optional<Interval> parsePair(String text) {
        Matcher matcher = PAIR.matcher(text);
        return matcher.matches() ? Optional.of(interval(matcher, 1)) : Optional.empty();
    }

    private static Interval interval(Matcher matcher, int group) {
        return new Interval(Double.parseDouble(matcher.group(group)), Double.parseDouble(matcher.group(group + 1)));
    }

    private static String trim(String reply) {
        return reply.length() > LONGEST ? "" : reply.strip();
    }
}
