package org.videotg.core.reply;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Interval;

/**
 * A reply and what its template's parser makes of it.
 *
 * @param text as the model wrote it
 * @param parsed no value if it could not be parsed
 * @param formatted whether it has the form that the prompt asks for; some projects read numbers out of replies that
 * have not
 */
public record ParsedReply(String text, Optional<Parsed> parsed, boolean formatted) {
    public ParsedReply {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(parsed, "parsed");
    }

    /** In seconds, as they were written; empty if the reply could not be parsed or names none. */
    public List<Interval> intervals() {
        return parsed.map(Parsed::intervals).orElse(List.of());
    }

    /** Letter of the chosen option, or null. */
    public String letter() {
        return parsed.map(Parsed::letter).orElse(null);
    }
}
