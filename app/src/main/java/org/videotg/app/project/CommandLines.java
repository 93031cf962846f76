package org.videotg.app.project;

import java.util.List;
import java.util.stream.Collectors;

/** Command lines as one types them. */
final class CommandLines {
    private CommandLines() {}

    /** Joins words, with quotation marks where a shell needs them. */
    static String join(List<String> words) {
        return words.stream()
                .map(word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
