package org.videotg.core.reply;

import java.util.Optional;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Task;

/**
 * Replies as {@code extract_time} of TimeLens (TencentARC/TimeLens, timelens/utils.py) reads them. The rounding to whole seconds
 * and the interval behind the video that its evaluation puts in place of an unparsable reply belong to metrics.
 */
final class TimeLensReply {
    private TimeLensReply() {}

    static Optional<Parsed> parse(Task task, String reply) {
        return TaskReply.of(
                task,
                TimeLensTimes.read(reply),
                reply,
                false,
                task == Task.GQA ? TaskReply.bracketedLetter(reply) : null);
    }

    /** TimeLens rewards no format; this is the strict form of the reply, with or without its full stop. */
    static boolean formatted(ReplyFormat format, Task task, String reply) {
        return StrictReply.parse(format, task, reply).isPresent()
                || StrictReply.parse(format, task, reply.strip() + ".").isPresent();
    }
}
