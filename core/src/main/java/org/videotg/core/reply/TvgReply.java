package org.videotg.core.reply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * Replies {@code <think>..</think> <time>[5.2, 10.4]</time>} as TVG-R1 (zjuruizhechen/TVG-R1) reads them in training:
 * {@code tvg_accuracy_reward} of tvgonly.py, and {@code \boxed{C}} of tvg.py for grounded questions. JSON numbers only;
 * a list question takes pairs in a list.
 */
final class TvgReply {
    private TvgReply() {}

    static Optional<Parsed> parse(Task task, String reply) {
        String letter = task == Task.GQA ? boxedLetter(reply) : null;
        Optional<String> block = Tags.first(reply, "time");
        Optional<List<Pair>> pairs = block.flatMap(text -> pairs(task, text));
        if (pairs.isEmpty() && letter == null) {
            return Optional.empty();
        }
        return TaskReply.of(task, pairs.orElse(List.of()), block.orElse(""), false, letter);
    }

    private static Optional<List<Pair>> pairs(Task task, String text) {
        JsonNode node;
        try {
            node = Json.parse(text.strip(), "reply");
        } catch (InputException e) {
            return Optional.empty();
        }
        List<Pair> pairs = new ArrayList<>();
        boolean listed = task == Task.LIST && (node.isEmpty() || node.path(0).isArray());
        for (JsonNode pair : listed ? node : List.of(node)) {
            if (!pair.isArray()
                    || pair.size() != 2
                    || !pair.get(0).isNumber()
                    || !pair.get(1).isNumber()) {
                return Optional.empty();
            }
            pairs.add(new Pair(pair.get(0).doubleValue(), pair.get(1).doubleValue()));
        }
        return Optional.of(pairs);
    }

    /** The letter in the last {@code \boxed{X}}, or null. */
    private static String boxedLetter(String text) {
        int at = text.lastIndexOf("\\boxed{") + 7;
        boolean found = at >= 7
                && at + 1 < text.length()
                && text.charAt(at + 1) == '}'
                && text.charAt(at) >= 'A'
                && text.charAt(at) <= 'Z';
        return found ? text.substring(at, at + 1) : null;
    }

    /** {@code tvg_format_reward}: {@code <think>.*</think>.*<time>.*</time>.*}, then a box for a grounded question. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        return task == Task.GQA
                ? Tags.ordered(reply, "<think>", "</think>", "<time>", "</time>", "\\boxed{", "}")
                : Tags.ordered(reply, "<think>", "</think>", "<time>", "</time>");
    }
}
