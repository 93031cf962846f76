package org.videotg.core.metric.profile.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.metric.profile.row.Span;

/**
 * VideoChat-R1's grounded answers: {@code <answer>A</answer><glue>[(5.2, 10.4)]</glue>}. Source: OpenGVLab/VideoChat-R1
 * src_eval/evaluate_gqa.py, {@code is_valid_two_d_list_format} and {@code extract_characters_regex}.
 */
public final class GlueReply {
    private static final String BLANK = "[ \\t\\n\\f\\r]*+";
    private static final Pattern NUMBER = Pattern.compile("[0-9]++(?:\\.[0-9]++)?+");
    private static final Pattern TUPLE = Pattern.compile("\\((" + NUMBER + ")," + BLANK + "(" + NUMBER + ")\\)");
    private static final Pattern COMMA = Pattern.compile("," + BLANK + "(?=\\()");
    private static final Pattern ZEROS = Pattern.compile("0+[1-9][0-9]*");
    private static final int LONGEST_INTEGER = 4300;
    private static final List<String> PREFIXES = List.of("The best answer is", "The correct answer is", "The answer is",
            "The answer", "The best option is", "The correct option is", "Best answer:Best option:");

    private GlueReply() {}

    /** What stands between the first {@code <tag>} and the next {@code </tag>}. */
    public static Optional<String> tagged(String reply, String tag) {
        int from = reply.indexOf("<" + tag + ">");
        int to = from < 0 ? -1 : reply.indexOf("</" + tag + ">", from + tag.length() + 2);
        return to < 0 ? Optional.empty() : Optional.of(reply.substring(from + tag.length() + 2, to));
    }

    /**
     * The spans of a list of tuples that is written exactly as asked: no space after the opening bracket or before a comma, no
     * sign, no reversed pair, no leading zero of an integer. No value otherwise; an empty list is a value.
     */
    public static Optional<List<Span>> spans(String glue) {
        String text = glue.endsWith("\n") ? glue.substring(0, glue.length() - 1) : glue;
        if (!text.startsWith("[") || !text.endsWith("]") || text.length() < 2) {
            return Optional.empty();
        }
        List<Span> spans = new ArrayList<>();
        Matcher tuple = TUPLE.matcher(text);
        Matcher comma = COMMA.matcher(text);
        int last = text.length() - 1;
        int at = 1;
        while (at < last) {
            if (!tuple.region(at, last).lookingAt() || !literal(tuple.group(1)) || !literal(tuple.group(2))) {
                return Optional.empty();
            }
            Span span = new Span(Double.parseDouble(tuple.group(1)), Double.parseDouble(tuple.group(2)));
            if (span.start() > span.end()) {
                return Optional.empty();
            }
            spans.add(span);
            at = tuple.end();
            if (at == last - 1 && text.charAt(at) == ',') {
                return Optional.of(spans);
            }
            if (at < last) {
                if (!comma.region(at, last).lookingAt()) {
                    return Optional.empty();
                }
                at = comma.end();
            }
        }
        return Optional.of(spans);
    }

    /** The letter that an answer is taken to be: the first capital from A to G once set phrases are cut; else an empty text. */
    public static String letter(String answer) {
        String text = answer.strip();
        for (String prefix : PREFIXES) {
            text = text.replace(prefix, "");
        }
        return text.chars().filter(c -> c >= 'A' && c <= 'G').mapToObj(c -> String.valueOf((char) c)).findFirst().orElse("");
    }

    /** Whether Python reads it as a number: an integer has no leading zero, and no more digits than Python converts. */
    private static boolean literal(String number) {
        return number.contains(".") || !ZEROS.matcher(number).matches() && number.length() <= LONGEST_INTEGER;
    }
}
