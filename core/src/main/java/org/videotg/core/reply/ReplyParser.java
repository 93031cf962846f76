package org.videotg.core.reply;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * The ways to read a reply: this project's strict and lenient ones, and that of each project whose prompts are known
 * here, down to what it accepts by accident. Replies are hostile input: every parser takes time linear in the reply,
 * whatever it holds, and finds the intervals as they were written, reversed ones included, or nothing.
 */
public enum ReplyParser {
    /** The whole reply must have the form that the template's {@link ReplyFormat} gives. */
    STRICT(
            "strict",
            StrictReply::parse,
            (format, task, reply) -> StrictReply.parse(format, task, reply).isPresent()),
    /** Takes times and ranges in every usual notation, see {@link LenientReply}. */
    LENIENT("lenient", (format, task, reply) -> LenientReply.parse(task, reply), STRICT.form),
    /** Time-R1, TimeZero and VideoChat-R1 in training: the last "a to b" or "a and b" of the last answer block. */
    TIMER1("timer1", (format, task, reply) -> ThinkAnswerReply.training(task, reply), ThinkAnswerReply::formatted),
    /** Time-R1 and TimeZero in evaluation: the last "a to b" or "a and b" (lower case) of the whole reply. */
    TIMER1_EVAL(
            "timer1-eval",
            (format, task, reply) -> ThinkAnswerReply.evaluation(task, reply),
            ThinkAnswerReply::formatted),
    /** TimeLens in evaluation: clock times, else "a - b", else "a to b", else any two numbers; the first pair. */
    TIMELENS("timelens", (format, task, reply) -> TimeLensTimes.parse(task, reply), TimeLensTimes::formatted),
    /** TVG-R1 in training: a JSON pair of numbers in the first time block. */
    TVG_R1("tvg-r1", (format, task, reply) -> TvgReply.parse(task, reply), TvgReply::formatted),
    /** VideoChat-R1, grounded questions: a letter in the first answer block, Python pairs in the first glue block. */
    VIDEOCHAT_R1_GQA("videochat-r1-gqa", (format, task, reply) -> GlueTimes.parse(task, reply), GlueTimes::formatted);

    private interface Reading {
        Optional<Parsed> read(ReplyFormat format, Task task, String reply);
    }

    private interface Form {
        boolean matches(ReplyFormat format, Task task, String reply);
    }

    private final String id;
    private final Reading reading;
    private final Form form;

    ReplyParser(String id, Reading reading, Form form) {
        this.id = id;
        this.reading = reading;
        this.form = form;
    }

    /**
     * What a reply says, whatever the task was.
     *
     * @param intervals in seconds, as they were written; empty for "none", and for an answer without an interval
     * @param letter of the chosen option for {@link Task#GQA}, else null
     */
    public record Parsed(List<Interval> intervals, String letter) {
        public Parsed {
            intervals = List.copyOf(intervals);
        }
    }

    /** The name in template files and behind the colon of a template's name. */
    @JsonValue
    public String id() {
        return id;
    }

    /** The parser of that name. */
    public static Optional<ReplyParser> withId(String id) {
        return Arrays.stream(values()).filter(parser -> parser.id.equals(id)).findFirst();
    }

    /** The reply to a task's question; {@code format} is the template's, for the strict parser. */
    public ParsedReply read(ReplyFormat format, Task task, String reply) {
        return new ParsedReply(reply, reading.read(format, task, reply), form.matches(format, task, reply));
    }

    /** The reply to this task's question in the form {@link ReplyFormat#DEFAULT}; no value if it has another form. */
    public static Optional<Parsed> parse(Task task, String reply) {
        return STRICT.read(ReplyFormat.DEFAULT, task, reply).parsed();
    }

    /** Every interval of a reply to a list question in the default form; no value if any part is unparsable. */
    public static Optional<List<Interval>> list(String reply) {
        return parse(Task.LIST, reply).map(Parsed::intervals);
    }
}
