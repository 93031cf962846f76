package org.videotg.core.reply;

import java.util.Optional;

/** Blocks between tags: what {@code <tag>(.*?)</tag>} finds when a dot matches line breaks. Linear in the reply. */
public final class Tags {
    private Tags() {}

    /** The text of the first block. */
    public static Optional<String> first(String text, String tag) {
        int open = text.indexOf("<" + tag + ">");
        int content = open + tag.length() + 2;
        int close = open < 0 ? -1 : text.indexOf("</" + tag + ">", content);
        return close < 0 ? Optional.empty() : Optional.of(text.substring(content, close));
    }

    /** The text of the last of the blocks that do not overlap, counted from the start. */
    public static Optional<String> last(String text, String tag) {
        Optional<String> block = Optional.empty();
        int from = 0;
        while (true) {
            int open = text.indexOf("<" + tag + ">", from);
            int content = open + tag.length() + 2;
            int close = open < 0 ? -1 : text.indexOf("</" + tag + ">", content);
            if (close < 0) {
                return block;
            }
            block = Optional.of(text.substring(content, close));
            from = close + tag.length() + 3;
        }
    }

    /**
     * Whether the whole text is blocks of these tags in this order with nothing but white space between them, as a
     * pattern with lazy dots matches: a block may hold tags itself.
     */
    public static boolean only(String text, String... tags) {
        String first = "<" + tags[0] + ">";
        if (!text.startsWith(first)) {
            return false;
        }
        int at = first.length();
        for (int i = 1; i < tags.length; i++) {
            at = joint(text, "</" + tags[i - 1] + ">", "<" + tags[i] + ">", at);
            if (at < 0) {
                return false;
            }
        }
        String last = "</" + tags[tags.length - 1] + ">";
        return text.endsWith(last) && text.length() - last.length() >= at;
    }

    /** Whether these texts stand in the text in this order, the first at its start. */
    public static boolean ordered(String text, String... parts) {
        if (!text.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return true;
    }

    /** The end of the first {@code close\s*open} from a place on, or -1. */
    private static int joint(String text, String close, String open, int from) {
        for (int at = text.indexOf(close, from); at >= 0; at = text.indexOf(close, at + 1)) {
            int next = PythonChars.skipSpaces(text, at + close.length());
            if (text.startsWith(open, next)) {
                return next + open.length();
            }
        }
        return -1;
    }
}
