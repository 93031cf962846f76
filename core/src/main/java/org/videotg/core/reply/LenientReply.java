package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * Finds intervals in free text; the rules are this project's. It looks into the last block of an answer, time or glue
 * tag, else behind the thoughts, else everywhere. A time is {@code 12.5}, {@code 12.5s}, {@code 12.5 seconds},
 * {@code 2 min}, {@code 01:02.5} or {@code 1:02:03}, perhaps negative, in digits of any script, and no part of a word
 * or of a longer number. Two times with a dash, a comma, "to", "and", "until", "till" or "through" between them are an
 * interval; if there is no such pair, times are paired in turn. The last interval answers a question for one.
 */
final class LenientReply {
    private static final List<String> TAGS = List.of("answer", "time", "glue");
    /** Beside an answer block that holds a letter. */
    private static final List<String> GROUNDING_TAGS = List.of("glue", "time");

    private static final List<String> JOINTS =
            List.of("through", "until", "till", "and", "to", "-", "\u2013", "\u2014", "~", ",");
    private static final List<String> SECONDS = List.of("seconds", "second", "secs", "sec", "s");
    private static final List<String> MINUTES = List.of("minutes", "minute", "mins", "min", "m");

    private final String text;
    /** Behind the time that was read last. */
    private int end;

    private LenientReply(String text) {
        this.text = text;
    }

    static Optional<Parsed> parse(Task task, String reply) {
        String region = region(task, reply);
        String letter = task == Task.GQA ? letter(reply) : null;
        return TaskReply.of(task, new LenientReply(PythonChars.asciiDigits(region)).pairs(), region, true, letter);
    }

    private static String region(Task task, String reply) {
        for (String tag : task == Task.GQA ? GROUNDING_TAGS : TAGS) {
            Optional<String> block = Tags.last(reply, tag);
            if (block.isPresent()) {
                return block.get();
            }
        }
        int thoughts = reply.lastIndexOf("</think>");
        return thoughts < 0 ? reply : reply.substring(thoughts + 8);
    }

    /** The last letter in round brackets, else the only letter of the answer block; else null. */
    private static String letter(String reply) {
        String bracketed = TaskReply.bracketedLetter(reply);
        return bracketed != null
                ? bracketed
                : Tags.last(reply, "answer")
                        .map(String::strip)
                        .filter(answer -> answer.length() == 1 && answer.charAt(0) >= 'A' && answer.charAt(0) <= 'Z')
                        .orElse(null);
    }

    private List<Pair> pairs() {
        List<Pair> joined = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            double start = time(at);
            if (Double.isNaN(start)) {
                at = Math.max(at + 1, end);
                continue;
            }
            at = end;
            alone.add(start);
            int joint = joint(at);
            double second = joint < 0 ? Double.NaN : time(joint);
            if (!Double.isNaN(second)) {
                joined.add(new Pair(start, second));
                at = end;
            }
        }
        if (!joined.isEmpty()) {
            return joined;
        }
        List<Pair> paired = new ArrayList<>();
        for (int i = 0; i + 1 < alone.size(); i += 2) {
            paired.add(new Pair(alone.get(i), alone.get(i + 1)));
        }
        return paired;
    }

    /** Where the second time may begin behind one that ends here; -1 if nothing joins them. */
    private int joint(int at) {
        int place = PythonChars.skipSpaces(text, at);
        for (String joint : JOINTS) {
            if (PythonChars.at(text, place, joint)) {
                int next = PythonChars.skipSpaces(text, place + joint.length());
                boolean word = Character.isLetter(joint.charAt(0));
                return word && (place == at || next == place + joint.length()) ? -1 : next;
            }
        }
        return -1;
    }

    /** The time that begins here, in seconds, or NaN. Moves {@link #end} behind it, or behind digits without a time. */
    private double time(int at) {
        end = at;
        boolean negative = at < text.length() && text.charAt(at) == '-';
        int first = negative ? at + 1 : at;
        if (first >= text.length()
                || !PythonChars.digit(text.charAt(first))
                || (at > 0 && inside(text.charAt(at - 1)))) {
            return Double.NaN;
        }
        double seconds = 0;
        int from = first;
        int parts = 1;
        end = PythonChars.skipDigits(text, from);
        while (parts < 3 && clockPart(end)) {
            seconds = (seconds + Double.parseDouble(text.substring(from, end))) * 60;
            from = end + 1;
            end = from + 2;
            parts++;
        }
        if (end + 1 < text.length() && text.charAt(end) == '.' && PythonChars.digit(text.charAt(end + 1))) {
            end = PythonChars.skipDigits(text, end + 1);
        }
        seconds += Double.parseDouble(text.substring(from, end));
        if (parts == 1) {
            seconds *= unit();
        }
        boolean fraction =
                end + 1 < text.length() && text.charAt(end) == '.' && PythonChars.digit(text.charAt(end + 1));
        boolean whole = !PythonChars.wordAt(text, end) && !fraction;
        if (!whole) {
            while (end < text.length() && inside(text.charAt(end))) {
                end++;
            }
            return Double.NaN;
        }
        return negative ? -seconds : seconds;
    }

    /** Whether a colon and two digits, with no third, stand here. */
    private boolean clockPart(int at) {
        return at + 2 < text.length() && text.charAt(at) == ':' && PythonChars.skipDigits(text, at + 1) == at + 3;
    }

    /** The seconds of the unit that stands here, 1 without one; moves {@link #end} behind it. */
    private double unit() {
        int place = PythonChars.skipSpaces(text, end);
        for (List<String> units : List.of(SECONDS, MINUTES)) {
            for (String unit : units) {
                int behind = place + unit.length();
                if (PythonChars.at(text, place, unit) && !PythonChars.wordAt(text, behind)) {
                    end = behind;
                    return units == MINUTES ? 60 : 1;
                }
            }
        }
        return 1;
    }

    private static boolean inside(char c) {
        return PythonChars.word(c) || c == '.';
    }
}
