package org.videotg.core.reply;

import java.util.Optional;
import org.videotg.core.sample.Interval;

/**
 * The characters of a reply as Python's regular expressions class them, by which the projects parse. Everything here
 * takes time linear in what it passes over.
 */
public final class PythonChars {
    private PythonChars() {}

    /** Python's {@code \d} after {@link #asciiDigits}. */
    public static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Python's {@code \s}. */
    public static boolean space(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Python's {@code \w}, as far as it decides where a number ends. */
    public static boolean word(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || c == '_'
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    /** Whether a character of a word stands at a place of the text. */
    public static boolean wordAt(String text, int at) {
        return at < text.length() && word(text.codePointAt(at));
    }

    /** Whether a character of a word ends at a place of the text. */
    public static boolean wordBefore(String text, int at) {
        return at > 0 && word(text.codePointBefore(at));
    }

    /** With every decimal digit of any script as the ASCII digit of the same value, as Python reads numbers. */
    public static String asciiDigits(String text) {
        if (text.codePoints().noneMatch(c -> c > 127 && Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER)) {
            return text;
        }
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> ascii.appendCodePoint(
                        Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER ? '0' + Character.digit(c, 10) : c));
        return ascii.toString();
    }

    public static int skipDigits(String text, int at) {
        int i = at;
        while (i < text.length() && digit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    public static int skipSpaces(String text, int at) {
        int i = at;
        while (i < text.length() && space(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Where white space that ends at {@code end} begins, not before {@code from}. */
    public static int spacesBefore(String text, int end, int from) {
        int i = end;
        while (i > from && space(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    /** End of a number {@code \d+\.?\d*} that begins at {@code at}; -1 if none does. */
    public static int numberAfter(String text, int at) {
        int whole = skipDigits(text, at);
        if (whole == at) {
            return -1;
        }
        return whole < text.length() && text.charAt(whole) == '.' ? skipDigits(text, whole + 1) : whole;
    }

    /** Start, at {@code from} or later, of the longest number {@code \d+\.?\d*} that ends at {@code end}; else -1. */
    public static int numberBefore(String text, int end, int from) {
        int fraction = digitsBefore(text, end, from);
        if (fraction > from && text.charAt(fraction - 1) == '.') {
            int whole = digitsBefore(text, fraction - 1, from);
            if (whole < fraction - 1) {
                return whole;
            }
        }
        return fraction < end ? fraction : -1;
    }

    private static int digitsBefore(String text, int end, int from) {
        int i = end;
        while (i > from && digit(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    /** An interval of finite numbers; no value if either is beyond what a double holds. */
    public static Optional<Interval> interval(double start, double end) {
        return Double.isFinite(start) && Double.isFinite(end)
                ? Optional.of(new Interval(start, end))
                : Optional.empty();
    }

    /** Whether a word stands at a place, in any case. */
    public static boolean at(String text, int place, String word) {
        return text.regionMatches(true, place, word, 0, word.length());
    }
}
