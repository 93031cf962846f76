package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * VideoChat-R1's grounded answers: {@code <answer>A</answer><glue>[(5.2, 10.4)]</glue>}. Source: OpenGVLab/VideoChat-R1
 * grpo_gqa.py and src_eval/evaluate_gqa.py, which agree.
 */
public final class GlueTimes {
    private static final int LONGEST_INTEGER = 4300;
    private static final List<String> PREFIXES = List.of(
            "The best answer is",
            "The correct answer is",
            "The answer is",
            "The answer",
            "The best option is",
            "The correct option is",
            "Best answer:Best option:");

    private GlueTimes() {}

    /** {@code extract_characters_regex}: the first capital of A to G behind the usual phrases; else an empty text. */
    public static String letter(String answer) {
        String text = answer;
        for (String prefix : PREFIXES) {
            text = text.replace(prefix, "");
        }
        return text.chars()
                .filter(c -> c >= 'A' && c <= 'G')
                .mapToObj(c -> String.valueOf((char) c))
                .findFirst()
                .orElse("");
    }

    /**
     * {@code is_valid_two_d_list_format}: {@code [(a, b), (c, d)]} with unsigned decimal numbers, white space only
     * behind commas, one more comma allowed at the end, and no reversed pair. Python refuses whole numbers with leading
     * zeros or of more than 4,300 digits. An empty list is a value.
     */
    public static Optional<List<Pair>> pairs(String text) {
        List<Pair> pairs = new ArrayList<>();
        int end = text.endsWith("\n") ? text.length() - 1 : text.length();
        if (end < 2 || text.charAt(0) != '[' || text.charAt(end - 1) != ']') {
            return Optional.empty();
        }
        int at = 1;
        while (at < end - 1) {
            int first = at + 1;
            int comma = text.charAt(at) == '(' ? number(text, first) : -1;
            int second = comma > 0 && text.charAt(comma) == ',' ? blanks(text, comma + 1) : -1;
            int close = second > 0 ? number(text, second) : -1;
            if (close < 0 || text.charAt(close) != ')') {
                return Optional.empty();
            }
            Pair pair = new Pair(
                    Double.parseDouble(text.substring(first, comma)),
                    Double.parseDouble(text.substring(second, close)));
            if (pair.start() > pair.end()) {
                return Optional.empty();
            }
            pairs.add(pair);
            at = close + 1;
            if (at < end - 1) {
                if (text.charAt(at) != ',') {
                    return Optional.empty();
                }
                int next = blanks(text, at + 1);
                // White space may stand behind a comma between pairs only.
                if (next == end - 1 && next > at + 1) {
                    return Optional.empty();
                }
                at = next;
            }
        }
        return Optional.of(pairs);
    }

    /** Skips the white space that Python's grammar knows. */
    private static int blanks(String text, int at) {
        int i = at;
        while (" \t\n\r\f".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** End of {@code \d+(\.\d+)?}, or -1; always inside the text, which ends with a bracket. */
    private static int number(String text, int at) {
        int whole = PythonChars.skipDigits(text, at);
        if (whole == at) {
            return -1;
        }
        if (text.charAt(whole) == '.') {
            int fraction = PythonChars.skipDigits(text, whole + 1);
            return fraction > whole + 1 ? fraction : -1;
        }
        boolean zeros =
                text.charAt(at) == '0' && text.substring(at, whole).chars().anyMatch(c -> c != '0');
        return zeros || whole - at > LONGEST_INTEGER ? -1 : whole;
    }

    static Optional<Parsed> parse(Task task, String reply) {
        String letter = task == Task.GQA
                ? Tags.first(reply, "answer")
                        .map(GlueTimes::letter)
                        .filter(found -> !found.isEmpty())
                        .orElse(null)
                : null;
        Optional<List<Pair>> pairs = Tags.first(reply, "glue").flatMap(GlueTimes::pairs);
        if ((pairs.isEmpty() && letter == null)
                || (task == Task.VTG && pairs.orElse(List.of()).isEmpty())) {
            return Optional.empty();
        }
        // Several intervals answer a single-interval question together: the project's IoU merges them.
        return task == Task.LIST
                ? TaskReply.all(pairs.orElse(List.of()), "[]")
                : TaskReply.answer(pairs.orElse(List.of()), letter);
    }

    /** {@code format_reward}: the three blocks are the whole reply, and the pairs are well-formed. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        boolean blocks = task == Task.GQA
                ? Tags.only(reply.strip(), "think", "answer", "glue")
                : Tags.only(reply.strip(), "think", "glue");
        return blocks && Tags.first(reply, "glue").flatMap(GlueTimes::pairs).isPresent();
    }
}
