package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.io.InputException;

/**
 * Placeholders in the texts of a template: a name of lower-case letters in braces. Other braces stand for themselves. A
 * text is filled in one pass, so that a query that holds a placeholder is not filled again.
 */
public final class Placeholders {
    private Placeholders() {}

    /** The text's pieces in order: placeholders with their braces, and what stands between them. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
            int close = open + 1;
            while (close < text.length() && text.charAt(close) >= 'a' && text.charAt(close) <= 'z') {
                close++;
            }
            if (close > open + 1 && close < text.length() && text.charAt(close) == '}') {
                if (open > from) {
                    pieces.add(text.substring(from, open));
                }
                pieces.add(text.substring(open, close + 1));
                from = close + 1;
                open = close;
            }
        }
        if (from < text.length()) {
            pieces.add(text.substring(from));
        }
        return pieces;
    }

    static boolean isPlaceholder(String piece) {
        return piece.matches("\\{[a-z]+}");
    }

    public static long count(String text, String placeholder) {
        return pieces(text).stream().filter(placeholder::equals).count();
    }

    public static String fill(String text, Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        pieces(text).forEach(piece -> filled.append(values.getOrDefault(piece, piece)));
        return filled.toString();
    }

    /** Refuses placeholders that nobody fills, such as misspelt ones. */
    public static void check(String what, String text, String... known) {
        Set<String> names = Set.of(known);
        pieces(text).stream()
                .filter(Placeholders::isPlaceholder)
                .filter(piece -> !names.contains(piece))
                .findFirst()
                .ifPresent(piece -> {
                    throw new InputException(what + " has an unknown placeholder " + piece + "; known: "
                            + String.join(", ", Arrays.asList(known)));
                });
    }
}
