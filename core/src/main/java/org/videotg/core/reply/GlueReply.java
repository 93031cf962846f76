package org.videotg.core.reply;

import java.util.List;
import java.util.Optional;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * Replies {@code <think>..</think><answer>A</answer><glue>[(5.2, 10.4)]</glue>} as VideoChat-R1 (OpenGVLab/VideoChat-R1,
 * grpo_gqa.py) reads them. Letter and intervals are read apart: one may be there without the other.
 */
final class GlueReply {
    private GlueReply() {}

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
        return TaskReply.of(task == Task.VTG ? Task.GQA : task, pairs.orElse(List.of()), "[]", false, letter);
    }

    /** {@code format_reward}: the three blocks are the whole reply, and the pairs are well-formed. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        boolean blocks = task == Task.GQA
                ? Tags.only(reply.strip(), "think", "answer", "glue")
                : Tags.only(reply.strip(), "think", "glue");
        return blocks && Tags.first(reply, "glue").flatMap(GlueTimes::pairs).isPresent();
    }
}
