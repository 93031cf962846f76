package org.videotg.core.prompt;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.videotg.core.reply.PythonChars;

/** One step by which a template changes a query. Steps differ between projects, and so do scores. */
public enum QueryStep {
    /** Takes white space from both ends. */
    STRIP("strip", String::strip),
    /** Makes every run of white space one space. */
    COLLAPSE("collapse", QueryStep::collapse),
    /** Lower case. */
    LOWER("lower", query -> query.toLowerCase(Locale.ROOT)),
    /** Takes one full stop from the end. */
    STOP("stop", query -> query.endsWith(".") ? query.substring(0, query.length() - 1) : query),
    /** Takes every full stop from both ends. */
    STOPS("stops", QueryStep::trimStops);

    /** This project's: without white space and one full stop at the end. */
    static final List<QueryStep> DEFAULT = List.of(STRIP, STOP, STRIP);

    private final String id;
    private final UnaryOperator<String> change;

    QueryStep(String id, UnaryOperator<String> change) {
        this.id = id;
        this.change = change;
    }

    /** The name in template files. */
    @JsonValue
    public String id() {
        return id;
    }

    String apply(String query) {
        return change.apply(query);
    }

    private static String collapse(String query) {
        StringBuilder text = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            boolean space = PythonChars.space(query.charAt(i));
            if (!space || i == 0 || !PythonChars.space(query.charAt(i - 1))) {
                text.append(space ? ' ' : query.charAt(i));
            }
        }
        return text.toString();
    }

    private static String trimStops(String query) {
        int start = 0;
        int end = query.length();
        while (start < end && query.charAt(start) == '.') {
            start++;
        }
        while (end > start && query.charAt(end - 1) == '.') {
            end--;
        }
        return query.substring(start, end);
    }
}
