package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * Holds a whole reply against a {@link ReplyFormat}, from left to right without going back. A time has at most six
 * digits on either side of its point; digits are those of ASCII.
 */
final class StrictReply {
    private static final int MOST_DIGITS = 6;

    private final ReplyFormat format;
    private final String text;
    private final List<Interval> intervals = new ArrayList<>();
    private String letter;
    private int at;

    private StrictReply(ReplyFormat format, String text) {
        this.format = format;
        this.text = text;
    }

    static Optional<Parsed> parse(ReplyFormat format, Task task, String reply) {
        String text = reply.strip();
        return switch (task) {
            case VTG -> new StrictReply(format, text).match(format.ground());
            case LIST ->
                new StrictReply(format, text)
                        .match(format.none())
                        .or(() -> new StrictReply(format, text).match(format.list()));
            case GQA -> new StrictReply(format, text).match(format.choice());
        };
    }

    private Optional<Parsed> match(String pattern) {
        List<String> pieces = Placeholders.pieces(pattern.strip());
        for (int i = 0; i < pieces.size(); i++) {
            boolean fits = switch (pieces.get(i)) {
                case ReplyFormat.THINK -> thoughts(pieces.get(i + 1));
                case ReplyFormat.ONE -> interval();
                case ReplyFormat.SEVERAL -> intervals();
                case ReplyFormat.LETTER -> letter();
                default -> literal(pieces.get(i));
            };
            if (!fits) {
                return Optional.empty();
            }
        }
        return at == text.length() ? Optional.of(new Parsed(intervals, letter)) : Optional.empty();
    }

    /** Everything up to the first place of what is written behind the thoughts. */
    private boolean thoughts(String behind) {
        String mark = behind.lines().filter(line -> !line.isBlank()).findFirst().orElseThrow();
        at = text.indexOf(mark, at);
        return at >= 0;
    }

    private boolean literal(String expected) {
        int from = 0;
        while (from < expected.length()) {
            int lineBreak = expected.indexOf('\n', from);
            String line = expected.substring(from, lineBreak < 0 ? expected.length() : lineBreak);
            if (!text.startsWith(line, at)) {
                return false;
            }
            at += line.length();
            from += line.length();
            if (lineBreak >= 0) {
                at = PythonChars.skipSpaces(text, at);
                from++;
            }
        }
        return true;
    }

    private boolean letter() {
        boolean found = at < text.length() && text.charAt(at) >= 'A' && text.charAt(at) <= 'Z';
        letter = found ? text.substring(at, ++at) : null;
        return found;
    }

    private boolean intervals() {
        if (!interval()) {
            return false;
        }
        while (text.startsWith(format.separator(), at)) {
            at += format.separator().length();
            if (!interval()) {
                return false;
            }
        }
        return true;
    }

    private boolean interval() {
        double start = 0;
        double end = 0;
        for (String piece : Placeholders.pieces(format.interval())) {
            if (piece.equals(ReplyFormat.START) || piece.equals(ReplyFormat.END)) {
                int from = at;
                if (!number()) {
                    return false;
                }
                double time = Double.parseDouble(text.substring(from, at));
                start = piece.equals(ReplyFormat.START) ? time : start;
                end = time;
            } else if (!literal(piece)) {
                return false;
            }
        }
        intervals.add(new Interval(start, end));
        return true;
    }

    private boolean number() {
        if (!digits()) {
            return false;
        }
        if (at + 1 < text.length() && text.charAt(at) == '.' && PythonChars.digit(text.charAt(at + 1))) {
            at++;
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int end = PythonChars.skipDigits(text, at);
        boolean fits = end > at && end - at <= MOST_DIGITS;
        at = end;
        return fits;
    }
}
