package org.videotg.core.prompt;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the options of a multiple-choice question are written out. Each gets its letter; one that already begins with it
 * does not.
 */
public enum OptionStyle {
    /** {@code (A) red (B) blue}. */
    INLINE("inline") {
        @Override
        String join(List<String> lettered) {
            return String.join(" ", lettered);
        }
    },
    /** Each on a line of its own. */
    LINES("lines") {
        @Override
        String join(List<String> lettered) {
            return String.join("\n", lettered);
        }
    },
    /** As Python prints a list of texts: {@code ['(A) red', "(B) it's blue"]}. */
    PYTHON("python") {
        @Override
        String join(List<String> lettered) {
            return lettered.stream().map(OptionStyle::quoted).collect(Collectors.joining(", ", "[", "]"));
        }
    };

    private final String id;

    OptionStyle(String id) {
        this.id = id;
    }

    /** The name in template files. */
    @JsonValue
    public String id() {
        return id;
    }

    abstract String join(List<String> lettered);

    String write(List<String> options) {
        return join(IntStream.range(0, options.size())
                .mapToObj(i -> lettered(i, options.get(i)))
                .toList());
    }

    private static String lettered(int index, String option) {
        String letter = "(" + (char) ('A' + index) + ") ";
        return option.startsWith(letter) ? option : letter + option;
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder written = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> written.append("\\n");
                case '\r' -> written.append("\\r");
                case '\t' -> written.append("\\t");
                default -> written.append(c == quote || c == '\\' ? "\\" : "").append(c);
            }
        }
        return written.append(quote).toString();
    }
}
