package org.videotg.core.reply;

import java.util.Optional;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * Replies {@code <think>..</think><answer>12.54 to 17.83</answer>} as Time-R1 (xiaomi-research/time-r1) and TimeZero
 * (www-Ye/TimeZero) read them. Their training and their evaluation differ.
 */
final class ThinkAnswerReply {
    private ThinkAnswerReply() {}

    /** {@code parse_timestamp_output} of main.py: only the last answer block counts; its last pair, in any case. */
    static Optional<Parsed> training(Task task, String reply) {
        return Tags.last(reply, "answer").flatMap(block -> parse(task, block, true));
    }

    /**
     * {@code extract_answer} of evaluate.py: the last pair of the whole reply, so one in the thoughts when the answer
     * has none. What the original looks for in the answer block when it found no pair can't be there either.
     */
    static Optional<Parsed> evaluation(Task task, String reply) {
        return task == Task.LIST
                ? Tags.last(reply, "answer").flatMap(block -> parse(task, block, false))
                : parse(task, reply, false);
    }

    private static Optional<Parsed> parse(Task task, String text, boolean anyCase) {
        String letter = task == Task.GQA ? TaskReply.bracketedLetter(text) : null;
        return TaskReply.of(task, NumberPairs.words(PythonChars.asciiDigits(text), anyCase), text, true, letter);
    }

    /** {@code format_reward}: {@code <think>.*?</think>\s*<answer>.*?</answer>} is the whole reply. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        return Tags.only(reply.strip(), "think", "answer");
    }
}
